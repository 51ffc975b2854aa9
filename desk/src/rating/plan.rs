//! Planning to ask a customer.

use domain::rating::Credit;
use domain::{AgentId, Project, Role, Time};
use store::Tx;
use store::jobs::NewJob;
use store::ratings::NewSurvey;

use super::ASK;
use crate::aftercare::Resolved;

/// Has the customer asked how satisfied they are with what was just resolved, if the project asks. Whoever is credited with
/// the answer is so from now on.
pub(crate) async fn plan(
    tx: &mut Tx,
    project: &Project,
    resolved: Resolved<'_>,
    wall: Time,
) -> Result<(), store::Error> {
    let settings = tx.rating_settings(project.id).await?;
    if !settings.asks {
        return Ok(());
    }
    let new = NewSurvey {
        project_id: project.id,
        session_id: resolved.session.id,
        ticket_id: resolved.ticket.map(|ticket| ticket.id),
        customer_id: resolved.session.customer_id,
        resolved_at: resolved.at,
        credit: credit(tx, project, resolved).await?,
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

async fn credit(tx: &mut Tx, project: &Project, resolved: Resolved<'_>) -> Result<Credit, store::Error> {
    let (agent, team) = resolved.holders();
    let holders = (agent, tx.team_of_work(project.id, team, agent.or(resolved.by)).await?);
    let members = tx.members_of_project(project.id).await?;
    let supervisors = members.iter().filter(|member| member.role == Role::Supervisor);
    let supervisors: Vec<AgentId> = supervisors.map(|member| member.agent_id).collect();
    let team: Vec<AgentId> = match holders.1 {
        Some(team) => tx.team_members(&[team.0]).await?.into_iter().map(|(_, agent)| agent).collect(),
        None => Vec::new(),
    };
    Ok(Credit::at_resolution(holders, resolved.by, &supervisors, &team))
}
