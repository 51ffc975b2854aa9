//! The chats of the staff: codes run out, and nobody is told the same thing all the time.

use chrono::TimeDelta;
use desk::diversion::NewDiversion;
use domain::Direction;
use domain::staff::LINK_CODE_LIFETIME;
use tests::on_both_engines;

use crate::letters::{Letters, letter};
use crate::stage::Stage;

const STAFF: i64 = 500;

async fn write(stage: &Stage, project: domain::ProjectId, number: i64, customer: i64, text: &str) {
    stage.desk.store_updates(project, vec![letter(number, customer, text)]).await.unwrap();
    stage.work_off(&Letters).await;
}

/// How many notices the chat of the agent was to get so far.
async fn told(stage: &Stage) -> i64 {
    stage.count(&format!("FROM outbox WHERE chat_id = {STAFF}")).await
}

on_both_engines! {
    async fn a_code_links_a_chat_once_and_for_a_quarter_of_an_hour(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let late = stage.desk.staff_link_create(&stage.actor, project).await.unwrap().code;
        stage.clock.advance(LINK_CODE_LIFETIME);
        write(&stage, project, 1, STAFF, &format!("/start {late}")).await;
        assert_eq!(stage.count("FROM staff_links").await, 0);
        assert_eq!((told(&stage).await, stage.sessions(project).await.len()), (1, 0), "it is told why");

        let code = stage.desk.staff_link_create(&stage.actor, project).await.unwrap().code;
        let other_project = stage.project().await;
        write(&stage, other_project, 2, STAFF, &format!("/start {code}")).await;
        write(&stage, project, 3, STAFF, &format!("/start {code}")).await;
        assert_eq!(stage.count("FROM staff_links").await, 0, "what the other bot was told is used up");

        let code = stage.desk.staff_link_create(&stage.actor, project).await.unwrap().code;
        write(&stage, project, 4, STAFF, &format!("/start {code}")).await;
        write(&stage, project, 5, STAFF + 1, &format!("/start {code}")).await;
        assert_eq!(stage.count("FROM staff_links").await, 1);
        let links = stage.desk.staff_links_of(&stage.actor, &[stage.actor.agent.id]).await.unwrap();
        assert_eq!((links[0].chat_id.0, links[0].project_id), (STAFF, project));
        assert_eq!(stage.count("FROM link_codes WHERE hash IS NOT NULL").await, 0);
    }

    async fn a_linked_chat_is_told_every_five_minutes_at_most_that_nobody_reads_there(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let code = stage.desk.staff_link_create(&stage.actor, project).await.unwrap().code;
        write(&stage, project, 1, STAFF, &format!("/start {code}")).await;
        for number in 2..7 {
            write(&stage, project, number, STAFF, "hello?").await;
        }
        assert_eq!(told(&stage).await, 2);
        stage.clock.advance(TimeDelta::minutes(5));
        write(&stage, project, 7, STAFF, "hello?").await;
        assert_eq!((told(&stage).await, stage.sessions(project).await.len()), (3, 0));
    }

    async fn a_session_that_a_link_gives_to_an_agent_is_told_of_once(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let code = stage.desk.staff_link_create(&stage.actor, project).await.unwrap().code;
        write(&stage, project, 1, STAFF, &format!("/start {code}")).await;
        let agent_id = Some(stage.actor.agent.id);
        let new = NewDiversion { agent_id, ..NewDiversion::called(project, "Page") };
        let link = stage.desk.diversion_link_create(&stage.actor, &new).await.unwrap();
        write(&stage, project, 2, 7, &format!("/start {}", link.code)).await;
        write(&stage, project, 3, 7, &format!("/start {}", link.code)).await;
        let session = stage.sessions(project).await.pop().unwrap();
        assert_eq!((session.assignee_id, session.link_id), (agent_id, Some(link.id)));
        assert_eq!(session.last_direction, Direction::Inbound);
        assert_eq!(told(&stage).await, 2);
    }
}
