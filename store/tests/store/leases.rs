//! Leases: one holder at a time.

use std::time::Duration;

use store::Store;
use tests::{eventually, on_both_engines};

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
        let mut tx = fixture.begin().await.unwrap();
        tx.void_leases().await.unwrap();
        tx.commit().await.unwrap();
        assert!(acquire(&fixture.store, "a", "four", LONG_MICROS).await);
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
