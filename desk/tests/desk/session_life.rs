//! What a session waits for: who says so, and who is told when it is due.

use chrono::TimeDelta;
use desk::Rejected;
use desk::session::{NewFollowUp, NewStatus, SessionCloseRefusal, SessionResolveRefusal, SessionStatusRefusal};
use domain::Status;
use domain::session::Awaited;
use tests::on_both_engines;

use crate::jobs::run_jobs;
use crate::letters::{Letters, letter};
use crate::stage::{Stage, eventually};
use crate::visibility::agent;

/// The chat of the agent.
const STAFF: i64 = 500;

on_both_engines! {
    async fn who_only_reads_along_says_neither_where_a_session_stands_nor_what_became_of_it(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (ada, bob) = (agent(&stage, project, "ada").await, agent(&stage, project, "bob").await);
        let session = stage.hear(project, 1, 7, "Hello").await.id;
        stage.desk.session_assign(&ada, session, Some(ada.agent.id), None).await.unwrap();
        stage.desk.session_participant_add(&ada, session, bob.agent.id).await.unwrap();

        let refused = stage.desk.session_status_update(&bob, session, &NewStatus::Processing, None).await.unwrap_err();
        assert_eq!(refused_with(refused), SessionStatusRefusal::NotActiveReplier);
        let refused = stage.desk.session_resolve(&bob, session, "", None).await.unwrap_err();
        assert_eq!(refused_with(refused), SessionResolveRefusal::NotActiveReplier);
        let refused = stage.desk.session_close(&bob, session, None).await.unwrap_err();
        assert_eq!(refused_with(refused), SessionCloseRefusal::NotActiveReplier);
        assert_eq!(stage.session(session).await.status, Status::Unread);
        // The agent who has it does, and so does a supervisor.
        stage.desk.session_status_update(&ada, session, &NewStatus::Processing, None).await.unwrap();
        stage.desk.session_status_update(&stage.actor, session, &NewStatus::Unread, None).await.unwrap();
        stage.desk.session_resolve(&ada, session, "", None).await.unwrap();
    }

    async fn the_agent_is_told_when_what_a_session_waits_for_is_due(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let code = stage.desk.staff_link_create(&stage.actor, project).await.unwrap().code;
        stage.desk.store_updates(project, vec![letter(1, STAFF, &format!("/start {code}"))]).await.unwrap();
        stage.work_off(&Letters).await;
        let session = stage.hear(project, 2, 7, "Hello").await.id;
        stage.reply(session, "I shall ask").await;
        let until = Some(stage.desk.now() + TimeDelta::hours(1));
        let follow_up = NewFollowUp { awaited: Awaited::PromisedTime, until, note: String::new() };
        let status = NewStatus::FollowUp(follow_up);
        stage.desk.session_status_update(&stage.actor, session, &status, None).await.unwrap();
        let told = "FROM outbox WHERE chat_id = 500 AND payload LIKE '%until which it waited has come%'";
        let _running = run_jobs(&stage.desk);

        stage.clock.advance(TimeDelta::hours(1));
        stage.desk.bell().ring();
        eventually(async || (stage.session(session).await.status == Status::Unread).then_some(())).await;
        assert_eq!(stage.count(told).await, 1);
    }
}

fn refused_with<R: std::fmt::Debug>(rejected: Rejected<R>) -> R {
    match rejected {
        Rejected::Refused(refusal) => refusal,
        Rejected::Failed(error) => panic!("it failed: {error}"),
    }
}
