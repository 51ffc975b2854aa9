//! What a transaction keeps, what it undoes, and what it leaves for the next one.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use domain::filter::Page;
use store::{Error, Tx};
use tests::{Engine, on_both_engines};
use tokio::time::timeout;

use crate::fixture::{Fixture, insert_agent, open};

/// Longer than anything takes that is not stuck.
const PATIENCE: Duration = Duration::from_secs(3);

async fn set(tx: &mut Tx, key: &str) {
    tx.set_meta(key, "set").await.unwrap();
}

async fn is_set(fixture: &Fixture, key: &str) -> bool {
    fixture.read().await.unwrap().meta(key).await.unwrap().is_some()
}

on_both_engines! {
    async fn an_abandoned_transaction_leaves_nothing_and_the_pool_is_usable_at_once(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        // More often than there are connections in any pool.
        for _ in 0..40 {
            let mut tx = timeout(PATIENCE, fixture.begin()).await.unwrap().unwrap();
            set(&mut tx, "abandoned").await;
            drop(tx);
            assert!(!is_set(&fixture, "abandoned").await);
        }
        let mut tx = timeout(PATIENCE, fixture.begin()).await.unwrap().unwrap();
        assert_eq!(tx.meta("abandoned").await.unwrap(), None);
        set(&mut tx, "kept").await;
        tx.commit().await.unwrap();
        assert!(is_set(&fixture, "kept").await);
    }

    async fn what_was_rolled_back_is_gone_and_what_was_committed_silently_is_there(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        set(&mut tx, "rolled back").await;
        tx.roll_back().await.unwrap();
        let mut tx = fixture.begin().await.unwrap();
        set(&mut tx, "silent").await;
        tx.commit_silently().await.unwrap();
        assert!(!is_set(&fixture, "rolled back").await);
        assert!(is_set(&fixture, "silent").await);
    }

    async fn nothing_is_seen_before_the_commit(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        set(&mut tx, "key").await;
        assert!(tx.meta("key").await.unwrap().is_some(), "the transaction itself sees it");
        assert!(!is_set(&fixture, "key").await);
        tx.commit().await.unwrap();
        assert!(is_set(&fixture, "key").await);
    }

    async fn a_snapshot_shows_one_state_whatever_is_committed_meanwhile(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let other = open(&fixture.database).await;
        fixture.agent("ada@example.org").await;
        let page = Page { after: None, before: None, size: 5, from_end: false };
        let mut snapshot = fixture.snapshot().await.unwrap();
        assert_eq!(snapshot.agent_count(fixture.workspace, None).await.unwrap(), 1);
        let mut tx = other.begin().await.unwrap();
        insert_agent(&mut tx, fixture.workspace, "bob@example.org").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(snapshot.agent_page(fixture.workspace, None, page).await.unwrap().len(), 1);
        assert_eq!(snapshot.agent_count(fixture.workspace, None).await.unwrap(), 1);
        snapshot.end().await.unwrap();

        let mut reader = fixture.read().await.unwrap();
        assert_eq!(reader.agent_page(fixture.workspace, None, page).await.unwrap().len(), 2);
        assert_eq!(reader.agent_count(fixture.workspace, None).await.unwrap(), 2);
    }

    async fn an_abandoned_snapshot_leaves_a_connection_that_shows_what_is_new(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        // More often than there are connections in any pool.
        for number in 0..40 {
            let key = number.to_string();
            let mut snapshot = timeout(PATIENCE, fixture.snapshot()).await.unwrap().unwrap();
            assert_eq!(snapshot.meta(&key).await.unwrap(), None);
            drop(snapshot);
            let mut tx = timeout(PATIENCE, fixture.begin()).await.unwrap().unwrap();
            set(&mut tx, &key).await;
            tx.commit().await.unwrap();
            assert!(is_set(&fixture, &key).await);
        }
    }

    async fn one_that_reads_first_may_write_after_others_wrote(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let other = open(&fixture.database).await;
        let mut first = fixture.begin().await.unwrap();
        assert_eq!(first.meta("second").await.unwrap(), None);
        let second = tokio::spawn(async move {
            let mut tx = other.begin().await?;
            tx.meta("first").await?;
            tx.set_meta("second", "set").await?;
            tx.commit().await
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(second.is_finished(), engine == Engine::Postgres, "only SQLite lets one write after the other");
        set(&mut first, "first").await;
        first.commit().await.unwrap();
        second.await.unwrap().unwrap();
        assert!(is_set(&fixture, "first").await && is_set(&fixture, "second").await);
    }

    async fn a_part_is_kept_or_undone_alone(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        set(&mut tx, "before").await;
        tx.begin_part().await.unwrap();
        set(&mut tx, "kept").await;
        tx.begin_part().await.unwrap();
        set(&mut tx, "undone inside").await;
        tx.undo_part().await.unwrap();
        tx.keep_part().await.unwrap();
        tx.begin_part().await.unwrap();
        set(&mut tx, "undone").await;
        tx.undo_part().await.unwrap();
        set(&mut tx, "after").await;
        tx.commit().await.unwrap();
        for (key, there) in [("before", true), ("kept", true), ("undone inside", false), ("undone", false), ("after", true)] {
            assert_eq!(is_set(&fixture, key).await, there, "{key}");
        }
    }

    async fn a_part_that_failed_can_be_undone_and_the_rest_goes_on(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        fixture.agent("ada@example.org").await;
        let mut tx = fixture.begin().await.unwrap();
        set(&mut tx, "before").await;
        for _ in 0..2 {
            tx.begin_part().await.unwrap();
            set(&mut tx, "in the part").await;
            let refused = insert_agent(&mut tx, fixture.workspace, "ada@example.org").await;
            assert!(matches!(refused, Err(Error::Taken(_))), "{refused:?}");
            tx.undo_part().await.unwrap();
        }
        tx.begin_part().await.unwrap();
        insert_agent(&mut tx, fixture.workspace, "bob@example.org").await.unwrap();
        tx.keep_part().await.unwrap();
        tx.commit().await.unwrap();
        assert!(is_set(&fixture, "before").await);
        assert!(!is_set(&fixture, "in the part").await);
        assert!(fixture.read().await.unwrap().agent_by_email("bob@example.org").await.unwrap().is_some());
    }

    async fn after_a_failed_statement_nothing_can_be_kept(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        fixture.agent("ada@example.org").await;
        let mut tx = fixture.begin().await.unwrap();
        set(&mut tx, "before").await;
        insert_agent(&mut tx, fixture.workspace, "ada@example.org").await.unwrap_err();
        tx.begin_part().await.unwrap_err();
        tx.commit().await.unwrap_err();
        assert!(!is_set(&fixture, "before").await);

        let mut tx = fixture.begin().await.unwrap();
        tx.begin_part().await.unwrap();
        insert_agent(&mut tx, fixture.workspace, "ada@example.org").await.unwrap_err();
        tx.keep_part().await.unwrap_err();
        tx.undo_part().await.unwrap();
        set(&mut tx, "after").await;
        tx.commit().await.unwrap();
        assert!(is_set(&fixture, "after").await);
    }

    async fn a_statement_that_nobody_waited_for_cannot_be_kept(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        // Now and then one is done as soon as it is asked for, and on SQLite each is.
        let mut is_abandoned = false;
        for _ in 0..1000 {
            let mut writing = Box::pin(tx.set_meta("key", "set"));
            is_abandoned = poll_fn(|context| Poll::Ready(writing.as_mut().poll(context).is_pending())).await;
            if is_abandoned {
                break;
            }
        }
        assert_eq!(is_abandoned, engine == Engine::Postgres);
        if !is_abandoned {
            return tx.commit().await.unwrap();
        }
        tx.commit().await.unwrap_err();
        assert!(!is_set(&fixture, "key").await);
        timeout(PATIENCE, fixture.begin()).await.unwrap().unwrap().roll_back().await.unwrap();
    }
}
