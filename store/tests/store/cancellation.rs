//! Callers that go away: whatever they were at, they leave all of it or nothing, and the pool
//! stays usable.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use store::{Result, Store};
use tests::on_both_engines;
use tokio::time::timeout;

use crate::dice::Dice;
use crate::fixture::Fixture;

const PATIENCE: Duration = Duration::from_secs(8);

/// Writes a pair, which must never be seen alone.
async fn write_pair(store: &Store, number: u64) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.meta("anything").await?;
    tx.set_meta(&format!("left {number}"), "set").await?;
    tx.begin_part().await?;
    tx.set_meta("whatever", "set").await?;
    tx.undo_part().await?;
    tx.begin_part().await?;
    tx.set_meta(&format!("right {number}"), "set").await?;
    tx.keep_part().await?;
    tx.commit().await
}

/// Whether a pair is there; it must be whole.
async fn is_written(store: &Store, number: u64) -> bool {
    let mut reader = timeout(PATIENCE, store.read()).await.unwrap().unwrap();
    let left = reader.meta(&format!("left {number}")).await.unwrap().is_some();
    let right = reader.meta(&format!("right {number}")).await.unwrap().is_some();
    assert_eq!(left, right, "half of the transaction {number} is there");
    left
}

/// Drops the work after it was polled so many times. Answers whether it was done before.
async fn give_up_after<T>(polls: u64, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

on_both_engines! {
    async fn a_caller_may_go_away_at_any_point(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut given_up = 0;
        for number in 0..120 {
            // A server is waited for often, a file only where a transaction begins and ends.
            let polls = if number % 2 == 0 { number / 2 % 6 } else { number / 2 % 40 };
            match give_up_after(polls, write_pair(&fixture, number)).await {
                Some(written) => {
                    written.unwrap();
                    assert!(is_written(&fixture, number).await);
                }
                None => given_up += 1,
            }
            // Another one must not have to wait for what was left.
            timeout(PATIENCE, write_pair(&fixture, 1000 + number)).await.unwrap().unwrap();
            is_written(&fixture, number).await;
        }
        assert!((10..118).contains(&given_up), "both happened: {given_up} of 120");
    }

    async fn many_callers_may_go_away_at_random(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let tasks = (0..8_u64).map(|task| {
            let store = fixture.store.clone();
            tokio::spawn(async move {
                let mut dice = Dice::new(task);
                let mut done = Vec::new();
                for round in 0..60 {
                    let number = task * 1000 + round;
                    let patience = Duration::from_micros(dice.roll(30_000));
                    match timeout(patience, write_pair(&store, number)).await {
                        Ok(written) => {
                            written.unwrap();
                            done.push(number);
                        }
                        Err(_) => drop(timeout(Duration::from_micros(dice.roll(2000)), store.read()).await),
                    }
                }
                done
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            for number in task.await.unwrap() {
                assert!(is_written(&fixture, number).await, "what was committed is lost: {number}");
            }
        }
        for number in (0..8).flat_map(|task| (0..60).map(move |round| task * 1000 + round)) {
            is_written(&fixture, number).await;
        }
        // Neither the pool nor the database is left locked.
        let all_at_once = (0..40).map(|number| write_pair(&fixture, 1_000_000 + number));
        let written = timeout(PATIENCE, futures_util::future::join_all(all_at_once)).await.unwrap();
        assert!(written.iter().all(|outcome| outcome.is_ok()), "{written:?}");
    }

    async fn a_reader_may_go_away_at_any_point(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        for polls in (0..30).chain(0..30) {
            let reading = async {
                let mut reader = fixture.read().await.unwrap();
                for _ in 0..3 {
                    reader.now_micros().await.unwrap();
                }
            };
            give_up_after(polls, reading).await;
        }
        let mut readers = Vec::new();
        for _ in 0..4 {
            readers.push(timeout(PATIENCE, fixture.read()).await.unwrap().unwrap());
        }
        for reader in &mut readers {
            assert_eq!(reader.meta("nothing").await.unwrap(), None);
        }
    }

    async fn a_reader_of_a_snapshot_may_go_away_at_any_point(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        for polls in (0..30).chain(0..30) {
            let reading = async {
                let mut snapshot = fixture.snapshot().await.unwrap();
                for _ in 0..3 {
                    snapshot.meta("left 1").await.unwrap();
                }
                snapshot.end().await.unwrap();
            };
            give_up_after(polls, reading).await;
        }
        write_pair(&fixture, 1).await.unwrap();
        let mut readers = Vec::new();
        for _ in 0..4 {
            readers.push(timeout(PATIENCE, fixture.read()).await.unwrap().unwrap());
        }
        for reader in &mut readers {
            assert!(reader.meta("left 1").await.unwrap().is_some(), "no connection is in an old snapshot");
        }
    }
}
