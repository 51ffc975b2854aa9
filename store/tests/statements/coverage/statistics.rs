//! What numbers are made of.

use domain::{AgentId, ProjectId, Session, TeamId};
use store::Queries;
use store::statistics::Of;

use crate::now;

pub async fn read_statistics(queries: &mut Queries, project: ProjectId, agent: AgentId, session: &Session) {
    queries.first_answers(&[session.id.0]).await.unwrap();
    let everybody = Of { from: now(), until: now(), agent_id: None, team_id: None };
    for of in [everybody, Of { agent_id: Some(agent), team_id: Some(TeamId(1)), ..everybody }] {
        queries.scores_of_agents(project, of).await.unwrap();
        queries.scores_of_teams(project, of).await.unwrap();
        queries.escalation_reasons(project, of).await.unwrap();
        queries.escalations_of_agents(project, of).await.unwrap();
        queries.escalations_of_teams(project, of).await.unwrap();
        queries.compliance(project, of).await.unwrap();
    }
}
