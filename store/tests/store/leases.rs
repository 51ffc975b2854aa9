//! Leases: one holder at a time.

use std::time::Duration;

use store::Store;
use tests::{Engine, eventually, on_both_engines};

use crate::fixture::{Fixture, open};

const LONG_MICROS: i64 = 60_000_000;
const SHORT_MICROS: i64 = 50_000;

async fn acquire(store: &Store, name: &str, holder: &str, ttl_micros: i64) -> bool {
    let mut tx = store.begin().await.unwrap();
    let taken = tx.acquire_lease(name, holder, ttl_micros).await.unwrap();
    tx.commit_silently().await.unwrap();
    taken
}

on_both_engines! {
    async fn a_lease_has_one_holder_who_can_renew_it(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        assert!(acquire(&fixture.store, "sender", "one", LONG_MICROS).await);
        assert!(!acquire(&fixture.store, "sender", "two", LONG_MICROS).await);
        assert!(acquire(&fixture.store, "sender", "one", LONG_MICROS).await);
        assert!(acquire(&fixture.store, "other", "two", LONG_MICROS).await, "another lease is free");
    }

    async fn a_lease_that_ran_out_can_be_taken(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        assert!(acquire(&fixture.store, "sender", "one", SHORT_MICROS).await);
        eventually(Duration::from_secs(10), async || {
            acquire(&fixture.store, "sender", "two", LONG_MICROS).await.then_some(())
        })
        .await;
        assert!(!acquire(&fixture.store, "sender", "one", LONG_MICROS).await, "the first holder has lost it");
    }

    async fn a_renewal_puts_off_the_end(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        assert!(acquire(&fixture.store, "sender", "one", SHORT_MICROS).await);
        assert!(acquire(&fixture.store, "sender", "one", LONG_MICROS).await);
        tokio::time::sleep(Duration::from_micros(3 * SHORT_MICROS.unsigned_abs())).await;
        assert!(!acquire(&fixture.store, "sender", "two", LONG_MICROS).await);
    }

    async fn a_lease_that_was_given_up_is_free_at_once(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        for name in ["a", "b", "c"] {
            assert!(acquire(&fixture.store, name, "one", LONG_MICROS).await);
        }
        let mut tx = fixture.begin().await.unwrap();
        tx.release_lease("a", "two").await.unwrap();
        tx.commit().await.unwrap();
        assert!(!acquire(&fixture.store, "a", "two", LONG_MICROS).await, "it was not two's to give up");
        let mut tx = fixture.begin().await.unwrap();
        tx.release_lease("a", "one").await.unwrap();
        tx.commit().await.unwrap();
        assert!(acquire(&fixture.store, "a", "two", LONG_MICROS).await);
        let mut tx = fixture.begin().await.unwrap();
        tx.release_leases("one").await.unwrap();
        tx.commit().await.unwrap();
        assert!(!acquire(&fixture.store, "a", "three", LONG_MICROS).await, "it is two's");
        assert!(acquire(&fixture.store, "b", "three", LONG_MICROS).await);
    }

    async fn a_lease_is_kept_by_its_holder_and_only_while_it_lasts(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        assert!(acquire(&fixture.store, "sender", "one", SHORT_MICROS).await);
        assert!(acquire(&fixture.store, "other", "one", LONG_MICROS).await);
        let keep = async |name: &str, holder: &str| {
            let mut tx = fixture.begin().await.unwrap();
            let is_kept = tx.keep_lease(name, holder).await.unwrap();
            tx.roll_back().await.unwrap();
            is_kept
        };
        assert!(keep("other", "one").await);
        assert!(!keep("other", "two").await);
        assert!(!keep("nobody's", "one").await);
        eventually(Duration::from_secs(10), async || (!keep("sender", "one").await).then_some(())).await;
    }

    async fn the_leases_of_a_kind_are_counted_while_they_last(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        assert!(acquire(&fixture.store, "process:one", "one", LONG_MICROS).await);
        assert!(acquire(&fixture.store, "process:two", "two", SHORT_MICROS).await);
        assert!(acquire(&fixture.store, "bot:1", "one", LONG_MICROS).await);
        eventually(Duration::from_secs(10), async || {
            (fixture.read().await.unwrap().lease_count("process:").await.unwrap() == 1).then_some(())
        })
        .await;
    }

    async fn of_many_who_want_a_lease_one_gets_it(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let other = open(&fixture.database).await;
        let mut asked = Vec::new();
        for holder in 0..12 {
            let store = if holder % 2 == 0 { fixture.store.clone() } else { other.clone() };
            asked.push(tokio::spawn(async move { acquire(&store, "sender", &holder.to_string(), LONG_MICROS).await }));
        }
        let mut taken = 0;
        for task in asked {
            taken += usize::from(task.await.unwrap());
        }
        assert_eq!(taken, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_lease_over_waits_for_the_transaction_that_keeps_it() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    assert!(acquire(&fixture.store, "sender", "one", SHORT_MICROS).await);
    let mut tx = fixture.begin().await.unwrap();
    assert!(tx.keep_lease("sender", "one").await.unwrap());
    tx.set_meta("key", "done under the lease").await.unwrap();
    tokio::time::sleep(Duration::from_micros(3 * SHORT_MICROS.unsigned_abs())).await;
    let store = fixture.store.clone();
    let takeover = tokio::spawn(async move {
        assert!(acquire(&store, "sender", "two", LONG_MICROS).await);
        store.read().await.unwrap().meta("key").await.unwrap()
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!takeover.is_finished(), "the lease ran out, but what was done under it is not committed");
    tx.commit().await.unwrap();
    assert_eq!(takeover.await.unwrap().as_deref(), Some("done under the lease"));
}
