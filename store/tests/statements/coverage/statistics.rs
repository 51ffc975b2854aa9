//! What numbers are made of.

use chrono::Duration;
use domain::{AgentId, ProjectId, Session, TeamId, TimeRange};
use store::statistics::Of;
use store::{Queries, Tx};

use crate::now;

pub async fn read_statistics(queries: &mut Queries, project: ProjectId, agent: AgentId) {
    let range = TimeRange::new(now(), now() + Duration::hours(1)).unwrap();
    let everybody = Of { range, agent_id: None, team_id: None };
    for of in [everybody, Of { agent_id: Some(agent), team_id: Some(TeamId(1)), ..everybody }] {
        queries.first_responses(project, of).await.unwrap();
        queries.handling_times(project, of).await.unwrap();
        queries.scores(project, of).await.unwrap();
        queries.escalation_figures(project, of).await.unwrap();
        queries.compliance(project, of).await.unwrap();
    }
    queries.team_of_work(project, None, Some(agent)).await.unwrap();
    queries.worked_sessions(project, range, 5).await.unwrap();
    queries.escalation_share(project, range).await.unwrap();
    queries.escalation_shares_of_agents(project, range).await.unwrap();
    queries.times_after_escalation(project, range).await.unwrap();
}

pub async fn write_statistics(tx: &mut Tx, agent: AgentId, session: &Session) {
    for by in [Some(agent), None] {
        tx.note_first_answer(session, by, now()).await.unwrap();
        tx.note_conclusion(session, by, now()).await.unwrap();
    }
}
