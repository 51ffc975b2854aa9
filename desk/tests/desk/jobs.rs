//! Jobs run beside everything else, and none of them keeps the others from being done.

use chrono::TimeDelta;
use desk::Desk;
use desk::job::JobRunner;
use domain::Status;
use tests::{Database, Engine, on_both_engines, postgres};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::stage::{Stage, eventually};

/// Longer than a customer may be silent.
const LONG_SILENCE: TimeDelta = TimeDelta::days(30);

on_both_engines! {
    async fn a_job_that_runs_into_a_defect_fails_like_any_other_and_is_tried_again(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let session = stage.hear(project, 1, 7, "Hello").await.id;
        stage.reply(session, "Hi").await;
        // There is no next version, and in tests an overflow is a panic.
        stage.tamper(&format!("UPDATE sessions SET version = {} WHERE id = {session}", i64::MAX)).await;
        stage.clock.advance(LONG_SILENCE);
        let running = run_jobs(&stage.desk);
        let failed = "FROM jobs WHERE kind = 'session_idle_close' AND error LIKE '%panicked%'";
        eventually(async || (stage.count(failed).await == 1).then_some(())).await;
        stage.tamper(&format!("UPDATE sessions SET version = 5 WHERE id = {session}")).await;
        stage.clock.advance(LONG_SILENCE);
        stage.desk.bell().ring();
        eventually(async || (stage.session(session).await.status == Status::Closed).then_some(())).await;
        assert!(!running.is_finished(), "the runner goes on");
    }

    async fn what_is_deleted_again_and_again_is_never_given_up(engine: Engine) {
        let stage = Stage::new(engine).await;
        stage.tamper("ALTER TABLE idempotency_keys RENAME TO misplaced").await;
        let running = run_jobs(&stage.desk);
        let retention = "FROM jobs WHERE kind = 'retention'";
        eventually(async || (stage.count(&format!("{retention} AND attempts > 0")).await == 1).then_some(())).await;
        stage.tamper("UPDATE jobs SET attempts = 99 WHERE kind = 'retention'").await;
        stage.clock.advance(LONG_SILENCE);
        stage.desk.bell().ring();
        eventually(async || (stage.count(&format!("{retention} AND attempts = 100")).await == 1).then_some(())).await;
        stage.tamper("ALTER TABLE misplaced RENAME TO idempotency_keys").await;
        stage.clock.advance(LONG_SILENCE);
        stage.desk.bell().ring();
        eventually(async || (stage.count(&format!("{retention} AND attempts = 0")).await == 1).then_some(())).await;
        assert!(!running.is_finished(), "the runner goes on");
    }
}

pub fn run_jobs(desk: &Desk) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(JobRunner::new(desk.clone()).run(CancellationToken::new())))
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_a_silent_session_does_not_wait_for_whoever_changes_it() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let stage = Stage::new(Engine::Postgres).await;
    let project = stage.project().await;
    let session = stage.hear(project, 1, 7, "Hello").await.id;
    stage.reply(session, "Hi").await;
    // As one who answers has it before they put the look at the session off.
    let changing = postgres::connect(stage.database.url()).await.unwrap();
    changing.batch_execute(&format!("BEGIN; SELECT FROM sessions WHERE id = {session} FOR UPDATE")).await.unwrap();
    let onlooker = postgres::connect(stage.database.url()).await.unwrap();
    let number = async |query: &str| onlooker.query_one(query, &[]).await.unwrap().get::<_, i64>(0);
    let due_at = async || number("SELECT due_at FROM jobs WHERE kind = 'session_idle_close'").await;
    let first_due_at = due_at().await;

    stage.clock.advance(LONG_SILENCE);
    let _running = run_jobs(&stage.desk);
    let is_waiting = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    eventually(async || {
        assert_eq!(number(is_waiting).await, 0, "the job waits for the session");
        (due_at().await > first_due_at).then_some(())
    })
    .await;
    changing.batch_execute("UPDATE jobs SET attempts = 0 WHERE kind = 'session_idle_close'; COMMIT").await.unwrap();
    eventually(async || (stage.session(session).await.status == Status::Closed).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_meets_an_outage_of_its_own_does_not_keep_others_from_being_done() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = Database::new(Engine::Postgres).await;
    let administrator = postgres::connect(database.url()).await.unwrap();
    let impatience = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''200ms''', current_database()); \
        END $$";
    administrator.batch_execute(impatience).await.unwrap();
    let stage = Stage::on(database).await;
    let project = stage.project().await;
    let session = stage.hear(project, 1, 7, "Hello").await.id;
    stage.reply(session, "Hi").await;

    // What the retention needs is not to be had.
    let keeper = postgres::connect(stage.database.url()).await.unwrap();
    keeper.batch_execute("BEGIN; LOCK TABLE idempotency_keys IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let _running = run_jobs(&stage.desk);
    eventually(async || {
        let jobs = administrator.query_one("SELECT count(*) FROM jobs WHERE kind = 'retention'", &[]).await.unwrap();
        (jobs.get::<_, i64>(0) == 1).then_some(())
    })
    .await;
    stage.clock.advance(LONG_SILENCE);
    eventually(async || (stage.session(session).await.status == Status::Closed).then_some(())).await;
}
