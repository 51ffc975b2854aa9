//! The event log: gap-free and in order for whoever reads on from the last position.

use std::collections::HashSet;
use std::time::Duration;

use domain::{Event, Position, SessionId};
use store::Store;
use store::events::{EPOCH_FACT, Scope};
use tests::{Engine, eventually, on_both_engines};

use crate::dice::Dice;
use crate::fixture::{Fixture, at, event, open};

const PATIENCE: Duration = Duration::from_secs(30);

async fn after(store: &Store, scope: Scope, position: Position, limit: i64) -> Vec<Event> {
    store.read().await.unwrap().events_after(scope, position, limit).await.unwrap()
}

/// The times of the events, by which the tests know them.
fn marks(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| (event.at - at(0)).num_microseconds().unwrap()).collect()
}

/// Waits until so many events can be read: elsewhere on the server of the tests a transaction
/// may still be running, which holds back every log.
async fn wait_for(store: &Store, count: usize) -> Vec<Event> {
    eventually(PATIENCE, || async {
        let events = after(store, Scope::Everything, Position::START, 10_000).await;
        if events.len() == count { Ok(events) } else { Err(events.len()) }
    })
    .await
}

on_both_engines! {
    async fn a_reader_misses_nothing_while_many_write(engine: Engine) {
        const WRITERS: u64 = 8;
        const TRANSACTIONS: u64 = 25;
        let fixture = Fixture::new(engine).await;
        let session = fixture.session(1, at(0)).await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, session) = (fixture.store.clone(), session.clone());
                tokio::spawn(async move {
                    let mut dice = Dice::new(writer);
                    let mut written = 0;
                    for transaction in 0..TRANSACTIONS {
                        let count = 1 + dice.roll(3);
                        let mark = |number: u64| (writer * 1_000_000 + transaction * 1000 + number).cast_signed();
                        let events: Vec<_> = (0..count).map(|number| event(&session, mark(number))).collect();
                        let mut tx = store.begin().await.unwrap();
                        tx.append_events(&events, at(0)).await.unwrap();
                        // The first one keeps the others waiting between its events and its commit.
                        let pause = if writer == 0 { 20_000 } else { dice.roll(1500) };
                        tokio::time::sleep(Duration::from_micros(pause)).await;
                        if dice.roll(10) == 0 {
                            tx.roll_back().await.unwrap();
                        } else {
                            tx.commit().await.unwrap();
                            written += count;
                        }
                    }
                    written
                })
            })
            .collect();
        let reader = open(&fixture.database).await;
        let mut read: Vec<Event> = Vec::new();
        let read_on = async |read: &mut Vec<Event>| {
            let position = read.last().map_or(Position::START, |event| event.position);
            let next = after(&reader, Scope::Everything, position, 7).await;
            read.extend_from_slice(&next);
            !next.is_empty()
        };
        while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
            read_on(&mut read).await;
            tokio::task::yield_now().await;
        }
        assert!(!read.is_empty(), "it reads along");
        let mut written = 0;
        for writer in writers {
            written += usize::try_from(writer.await.unwrap()).unwrap();
        }
        let all = wait_for(&fixture.store, written).await;
        while read_on(&mut read).await {}
        assert!(read == all, "what was read on the way is not the log: {} and {} events", read.len(), all.len());
        assert!(all.windows(2).all(|pair| pair[0].position < pair[1].position), "the order is strict");
        let distinct: HashSet<i64> = marks(&all).into_iter().collect();
        assert_eq!(distinct.len(), written);
        for writer in 0..WRITERS.cast_signed() {
            let own: Vec<i64> = marks(&all).into_iter().filter(|mark| mark / 1_000_000 == writer).collect();
            assert!(own.is_sorted(), "one writer's events are in its order: {own:?}");
        }
    }

    async fn a_scope_narrows_what_is_read(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (one, two) = (fixture.session(1, at(0)).await, fixture.session(2, at(0)).await);
        let mut elsewhere = one.clone();
        elsewhere.project_id = fixture.project().await.id;
        elsewhere.id = SessionId(999);
        let mut tx = fixture.begin().await.unwrap();
        tx.append_events(&[event(&one, 1), event(&two, 2), event(&one, 3)], at(0)).await.unwrap();
        tx.append_events(&[event(&elsewhere, 4)], at(0)).await.unwrap();
        tx.append_events(&[], at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let all = wait_for(&fixture.store, 4).await;
        assert_eq!(marks(&all), [1, 2, 3, 4]);
        let read = async |scope, from: Position, limit| marks(&after(&fixture.store, scope, from, limit).await);
        assert_eq!(read(Scope::Session(one.id), Position::START, 9).await, [1, 3]);
        assert_eq!(read(Scope::Session(two.id), Position::START, 9).await, [2]);
        assert_eq!(read(Scope::Project(one.project_id), Position::START, 9).await, [1, 2, 3]);
        assert_eq!(read(Scope::Project(elsewhere.project_id), Position::START, 9).await, [4]);
        assert_eq!(read(Scope::Everything, Position::START, 2).await, [1, 2]);
        // A position within a transaction is as good as one at its end.
        assert_eq!(read(Scope::Everything, all[0].position, 9).await, [2, 3, 4]);
        assert_eq!(read(Scope::Session(one.id), all[0].position, 9).await, [3]);
        assert_eq!(read(Scope::Project(one.project_id), all[2].position, 9).await, Vec::<i64>::new());
        let first = &all[0];
        assert_eq!((first.session_id, first.customer_id), (one.id, one.customer_id));
        assert_eq!((first.message_id, first.cause.as_str()), (None, "VIEWED"));
    }

    async fn the_log_is_deleted_from_its_start(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let session = fixture.session(1, at(0)).await;
        assert_eq!(fixture.read().await.unwrap().event_head().await.unwrap(), Position::START);
        for transaction in 0..3 {
            let mut tx = fixture.begin().await.unwrap();
            let events = [event(&session, transaction * 2), event(&session, transaction * 2 + 1)];
            tx.append_events(&events, at(1000 + transaction)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let all = wait_for(&fixture.store, 6).await;
        let head = fixture.read().await.unwrap().event_head().await.unwrap();
        assert_eq!(head, all[5].position);
        let oldest = fixture.read().await.unwrap().oldest_events(3).await.unwrap();
        assert_eq!(oldest, [
            (all[0].position, at(1000)),
            (all[1].position, at(1000)),
            (all[2].position, at(1001)),
        ]);

        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.delete_events_through(all[2].position).await.unwrap(), 3);
        assert_eq!(tx.delete_events_through(Position::START).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(wait_for(&fixture.store, 3).await, all[3..]);

        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.delete_events_through(all[5].position).await.unwrap(), 3);
        tx.append_events(&[event(&session, 7)], at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let left = wait_for(&fixture.store, 1).await;
        assert!(left[0].position > all[5].position, "positions are never used again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_slow_transaction_holds_back_those_after_it() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let session = fixture.session(1, at(0)).await;
    let mut slow = fixture.begin().await.unwrap();
    slow.append_events(&[event(&session, 1)], at(0)).await.unwrap();
    for mark in 2..4 {
        let mut quick = fixture.begin().await.unwrap();
        quick.append_events(&[event(&session, mark)], at(0)).await.unwrap();
        quick.commit().await.unwrap();
        assert_eq!(after(&fixture.store, Scope::Everything, Position::START, 9).await, []);
        assert_eq!(fixture.read().await.unwrap().event_head().await.unwrap(), Position::START);
    }
    slow.commit().await.unwrap();
    assert_eq!(marks(&wait_for(&fixture.store, 3).await), [1, 2, 3]);
}

/// A dump that was restored into another server has the transaction ids of the first one.
#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_log_of_another_server_stays_in_front_and_gets_another_name() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let session = fixture.session(1, at(0)).await;
    let append = async |mark| {
        let mut tx = fixture.begin().await.unwrap();
        tx.append_events(&[event(&session, mark)], at(0)).await.unwrap();
        tx.settle_meta(EPOCH_FACT, &mark.to_string()).await.unwrap();
        tx.settle_meta("other", "fact").await.unwrap();
        tx.commit().await.unwrap();
    };
    append(1).await;
    append(2).await;
    wait_for(&fixture.store, 2).await;
    drop(open(&fixture.database).await);
    let epoch = async || fixture.read().await.unwrap().meta(EPOCH_FACT).await.unwrap();
    assert_eq!(epoch().await.as_deref(), Some("1"), "it is the log of this server");

    let client = tests::postgres::connect(fixture.database.url()).await.unwrap();
    client.batch_execute("UPDATE events SET tx = tx + 1000000000").await.unwrap();
    assert_eq!(after(&fixture.store, Scope::Everything, Position::START, 9).await, []);
    drop(open(&fixture.database).await);
    assert_eq!(epoch().await, None);
    assert_eq!(fixture.read().await.unwrap().meta("other").await.unwrap().as_deref(), Some("fact"));
    append(3).await;
    assert_eq!(marks(&wait_for(&fixture.store, 3).await), [1, 2, 3]);
    assert_eq!(epoch().await.as_deref(), Some("3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_one_that_began_early_and_had_to_wait_writes_after_the_one_it_waited_for() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let session = fixture.session(1, at(0)).await;
    let mut early = fixture.begin().await.unwrap();
    // Its number among the transactions is taken with the first thing it writes.
    early.set_meta("key", "value").await.unwrap();
    let mut late = fixture.begin().await.unwrap();
    late.lock_session(session.id).await.unwrap();
    let waiting = tokio::spawn({
        let session = session.clone();
        async move {
            early.lock_session(session.id).await.unwrap();
            early.append_events(&[event(&session, 2)], at(0)).await.unwrap();
            early.commit().await.unwrap();
        }
    });
    late.append_events(&[event(&session, 1)], at(0)).await.unwrap();
    late.commit().await.unwrap();
    waiting.await.unwrap();
    assert_eq!(marks(&wait_for(&fixture.store, 2).await), [1, 2]);
}
