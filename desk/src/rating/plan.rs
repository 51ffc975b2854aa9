//! Planning to ask a customer.

use domain::rating::Credit;
use domain::session::Resolution;
use domain::{AgentId, Project, Role, Session, Time};
use store::Tx;
use store::jobs::NewJob;
use store::ratings::NewSurvey;

use super::ASK;

/// Has the customer of a session that was just resolved asked how satisfied they are, if the project asks. Whoever is
/// credited with the answer is so from now on.
pub(crate) async fn plan(tx: &mut Tx, project: &Project, session: &Session, wall: Time) -> Result<(), store::Error> {
    let Some(resolution) = &session.resolution else { return Ok(()) };
    let settings = tx.rating_settings(project.id).await?;
    if !settings.asks {
        return Ok(());
    }
    let new = NewSurvey {
        project_id: project.id,
        session_id: session.id,
        customer_id: session.customer_id,
        resolved_at: resolution.at,
        credit: credit(tx, session, resolution).await?,
    };
    let survey = tx.insert_survey(&new).await?;
    let job = NewJob {
        key: format!("{ASK}:{}", survey.id),
        project_id: Some(project.id),
        kind: ASK,
        payload: survey.id.to_string(),
        due_at: wall + settings.delay,
    };
    tx.schedule_job(&job, wall).await
}

async fn credit(tx: &mut Tx, session: &Session, resolution: &Resolution) -> Result<Credit, store::Error> {
    let members = tx.members_of_project(session.project_id).await?;
    let supervisors = members.iter().filter(|member| member.role == Role::Supervisor);
    let supervisors: Vec<AgentId> = supervisors.map(|member| member.agent_id).collect();
    let team: Vec<AgentId> = match session.team_id {
        Some(team) => tx.team_members(&[team.0]).await?.into_iter().map(|(_, agent)| agent).collect(),
        None => Vec::new(),
    };
    Ok(Credit::at_resolution(session, resolution.by, &supervisors, &team))
}
