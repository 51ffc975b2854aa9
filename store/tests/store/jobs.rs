//! Jobs: one under each key, done when due, by one at a time.

use std::time::Duration;

use domain::{ProjectId, Time};
use store::jobs::{Job, NewJob};
use store::{Store, Tx};
use tests::{Engine, eventually, on_both_engines};

use crate::fixture::{Fixture, at, open};

fn job(key: &str, payload: &str, due_at: Time) -> NewJob {
    NewJob { key: key.to_owned(), project_id: None, kind: "remind", payload: payload.to_owned(), due_at }
}

async fn schedule(store: &Store, jobs: &[NewJob]) {
    let mut tx = store.begin().await.unwrap();
    for job in jobs {
        tx.schedule_job(job, at(0)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn claim(tx: &mut Tx, now: i64) -> Option<Job> {
    tx.claim_job(at(now)).await.unwrap()
}

async fn next_due(store: &Store) -> Option<i64> {
    let due = store.read().await.unwrap().next_job_due().await.unwrap()?;
    Some(due - at(0).timestamp_micros())
}

fn what(job: Option<Job>) -> Option<(String, String)> {
    job.map(|job| (job.key, job.payload))
}

fn some(key: &str, payload: &str) -> Option<(String, String)> {
    Some((key.to_owned(), payload.to_owned()))
}

on_both_engines! {
    async fn the_job_that_is_due_first_is_claimed_first(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        assert_eq!(next_due(&fixture.store).await, None);
        schedule(&fixture.store, &[job("late", "", at(30)), job("soon", "", at(10)), job("same", "", at(10))]).await;
        assert_eq!(next_due(&fixture.store).await, Some(10));
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(claim(&mut tx, 9).await, None);
        for key in ["soon", "same", "late"] {
            let claimed = claim(&mut tx, 30).await.unwrap();
            assert_eq!((claimed.key.as_str(), claimed.kind.as_str(), claimed.attempts), (key, "remind", 0));
            tx.finish_job(claimed.id).await.unwrap();
        }
        assert_eq!(claim(&mut tx, 99).await, None);
        tx.commit().await.unwrap();
        assert_eq!(next_due(&fixture.store).await, None);
    }

    async fn a_key_has_one_job(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        schedule(&fixture.store, &[job("key", "first", at(10))]).await;
        let mut tx = fixture.begin().await.unwrap();
        tx.schedule_job_once(&job("key", "not taken", at(1)), at(0)).await.unwrap();
        tx.schedule_job_once(&job("other", "taken", at(50)), at(0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(next_due(&fixture.store).await, Some(10));
        schedule(&fixture.store, &[job("key", "moved", at(20))]).await;
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(claim(&mut tx, 19).await, None);
        let claimed = claim(&mut tx, 20).await;
        tx.finish_job(claimed.as_ref().unwrap().id).await.unwrap();
        assert_eq!(what(claimed), some("key", "moved"));
        assert_eq!(what(claim(&mut tx, 50).await), some("other", "taken"));
        tx.commit().await.unwrap();
    }

    async fn a_job_that_fails_is_tried_again_until_it_is_dead(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        schedule(&fixture.store, &[job("key", "x", at(10))]).await;
        let mut tx = fixture.begin().await.unwrap();
        let claimed = claim(&mut tx, 10).await.unwrap();
        tx.fail_job(claimed.id, "no luck", Some(at(20))).await.unwrap();
        assert_eq!(claim(&mut tx, 19).await, None);
        assert_eq!(claim(&mut tx, 20).await.unwrap().attempts, 1);
        tx.postpone_job(claimed.id, at(30)).await.unwrap();
        assert_eq!(claim(&mut tx, 29).await, None);
        assert_eq!(claim(&mut tx, 30).await.unwrap().attempts, 0, "a success starts the count anew");
        tx.fail_job(claimed.id, "no luck at all", None).await.unwrap();
        assert_eq!(claim(&mut tx, 99).await, None, "it is dead");
        tx.commit().await.unwrap();
        assert_eq!(next_due(&fixture.store).await, None);
        schedule(&fixture.store, &[job("key", "revived", at(40))]).await;
        let mut tx = fixture.begin().await.unwrap();
        let revived = claim(&mut tx, 40).await;
        assert_eq!(revived.as_ref().unwrap().attempts, 0);
        assert_eq!(what(revived), some("key", "revived"));
        tx.roll_back().await.unwrap();
    }

    async fn a_job_that_is_put_off_lets_others_go_first_and_keeps_its_count(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        schedule(&fixture.store, &[job("first", "", at(10)), job("second", "", at(20))]).await;
        let mut tx = fixture.begin().await.unwrap();
        let first = claim(&mut tx, 30).await.unwrap();
        tx.fail_job(first.id, "no luck", Some(at(10))).await.unwrap();
        tx.put_off_job(first.id, at(25)).await.unwrap();
        assert_eq!(claim(&mut tx, 30).await.unwrap().key, "second");
        tx.put_off_job(first.id, at(15)).await.unwrap();
        assert_eq!(claim(&mut tx, 30).await.unwrap().key, "second", "it is never brought nearer");
        let second = claim(&mut tx, 30).await.unwrap();
        tx.finish_job(second.id).await.unwrap();
        assert_eq!(claim(&mut tx, 24).await, None);
        assert_eq!(claim(&mut tx, 25).await.unwrap().attempts, 1);
        tx.commit().await.unwrap();
    }

    async fn moving_a_projects_clock_brings_its_waiting_jobs_nearer(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let of = |project: ProjectId, key: &str, due| NewJob { project_id: Some(project), ..job(key, "", at(due)) };
        let (project, other) = (fixture.project.id, fixture.project().await.id);
        let jobs = [of(project, "own", 100), of(other, "other's", 90), job("everybody's", "", at(80))];
        schedule(&fixture.store, &jobs).await;
        let mut tx = fixture.begin().await.unwrap();
        tx.bring_jobs_nearer(project, 60).await.unwrap();
        assert_eq!(claim(&mut tx, 39).await, None);
        assert_eq!(claim(&mut tx, 40).await.unwrap().key, "own");
        assert_eq!(claim(&mut tx, 99).await.unwrap().key, "own");
        tx.commit().await.unwrap();
        assert_eq!(next_due(&fixture.store).await, Some(40));
    }

    async fn a_claim_ends_with_its_transaction(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        schedule(&fixture.store, &[job("key", "x", at(10))]).await;
        for _ in 0..3 {
            // PostgreSQL notices in its own time that a connection was dropped.
            eventually(Duration::from_secs(5), async || claim(&mut fixture.begin().await.unwrap(), 10).await).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_each_process_claims_another_job() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let other = open(&fixture.database).await;
    schedule(&fixture.store, &[job("a", "", at(10)), job("b", "", at(20))]).await;
    let mut one = fixture.begin().await.unwrap();
    let mut two = other.begin().await.unwrap();
    let mut three = other.begin().await.unwrap();
    assert_eq!(claim(&mut one, 99).await.unwrap().key, "a");
    assert_eq!(claim(&mut two, 99).await.unwrap().key, "b");
    assert_eq!(claim(&mut three, 99).await, None);
    for tx in [one, two, three] {
        tx.roll_back().await.unwrap();
    }
}
