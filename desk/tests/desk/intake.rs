//! Updates are worked off side by side, and none is lost to a failure that has nothing to do with it.

use chrono::TimeDelta;
use domain::UpdateRowId;
use tests::{Engine, on_both_engines};

use crate::letters::{Defective, Letters, Nonsense, letter};
use crate::stage::Stage;

/// How many updates a worker takes at a time.
const BATCH: i64 = 32;

/// The first session of a project takes a while, in which the project's next number is nobody else's.
const SLOW_BEGINNING: &str = "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS \
    $$ BEGIN IF NEW.number = 1 THEN PERFORM pg_sleep(0.5); END IF; RETURN NEW; END $$; \
    CREATE TRIGGER linger BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION linger()";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_that_open_sessions_in_two_projects_do_not_wait_for_each_other_in_a_circle() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let stage = Stage::new(Engine::Postgres).await;
    let (one, other) = (stage.project().await, stage.project().await);
    stage.tamper(SLOW_BEGINNING).await;
    // Each worker takes a batch in the order of arrival, and the one begins where the other goes on.
    for number in 1..=2 * BATCH {
        let project = if number == 1 || number > BATCH + 1 { one } else { other };
        stage.desk.store_updates(project, vec![letter(number, number, "Hello")]).await.unwrap();
    }
    let workers = [(); 2].map(|()| {
        let desk = stage.desk.clone();
        tokio::spawn(async move { desk.work_off_updates(&Letters).await })
    });
    for worker in workers {
        assert_eq!(worker.await.unwrap().unwrap(), 32);
    }
    assert_eq!((stage.sessions(one).await.len(), stage.sessions(other).await.len()), (32, 32));
}

/// What somebody does to the database that the desk has no name for.
fn refuse_messages(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::Sqlite => (
            "CREATE TRIGGER odd BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'an odd failure'); END",
            "DROP TRIGGER odd",
        ),
        Engine::Postgres => (
            "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'an odd failure'; END $$; \
             CREATE TRIGGER odd BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION odd()",
            "DROP TRIGGER odd ON messages",
        ),
    }
}

on_both_engines! {
    async fn a_failure_that_nobody_has_a_name_for_is_waited_out_for_days(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (begin, end) = refuse_messages(engine);
        stage.tamper(begin).await;
        stage.desk.store_updates(project, vec![letter(1, 7, "Hello")]).await.unwrap();
        for _ in 0..60 {
            assert!(stage.desk.work_off_updates(&Letters).await.unwrap() <= 1);
            stage.clock.advance(TimeDelta::minutes(15));
        }
        assert_eq!(stage.desk.failed_updates().await.unwrap(), []);
        stage.tamper(end).await;
        stage.work_off(&Letters).await;
        assert_eq!(stage.sessions(project).await.len(), 1);
    }

    async fn an_update_that_runs_into_a_defect_is_set_aside_like_any_other_and_holds_nobody_up(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let updates = vec![letter(1, 7, "Hello"), letter(2, 13, "Hello"), letter(3, 8, "Hello")];
        stage.desk.store_updates(project, updates).await.unwrap();
        for tries in 1..=5 {
            assert_eq!(stage.desk.failed_updates().await.unwrap(), [], "after {tries} tries");
            stage.work_off(&Defective).await;
            assert_eq!(stage.sessions(project).await.len(), 2);
            stage.clock.advance(TimeDelta::minutes(1));
        }
        let failed = stage.desk.failed_updates().await.unwrap();
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert_eq!((failed[0].attempts, failed[0].error.contains("panicked")), (5, true), "{failed:?}");
    }

    async fn what_is_wrong_with_an_update_itself_is_set_aside_and_can_be_tried_again(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        stage.desk.store_updates(project, vec![letter(1, 7, "Hello"), letter(2, 7, "again")]).await.unwrap();
        for tries in 1..=5 {
            assert_eq!(stage.desk.failed_updates().await.unwrap(), [], "after {tries} tries");
            assert_eq!(stage.desk.work_off_updates(&Nonsense).await.unwrap(), 1);
            stage.clock.advance(TimeDelta::minutes(1));
        }
        let failed = stage.desk.failed_updates().await.unwrap();
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert_eq!((failed[0].attempts, failed[0].error.as_str()), (5, "nobody understands this"));

        stage.work_off(&Letters).await;
        let session = stage.sessions(project).await.pop().unwrap();
        assert_eq!(session.inbound_count, 1, "the next one was not held up");
        assert!(!stage.desk.retry_update(UpdateRowId(-1)).await.unwrap());
        assert!(stage.desk.retry_update(failed[0].id).await.unwrap());
        stage.work_off(&Letters).await;
        assert_eq!(stage.session(session.id).await.inbound_count, 2);
        assert_eq!(stage.desk.failed_updates().await.unwrap(), []);
    }
}
