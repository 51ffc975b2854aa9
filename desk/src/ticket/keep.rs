//! What was escalated stays with those who got it.

use domain::escalation::EscalationTarget;
use domain::notice::NoticeKind;
use domain::{AgentId, Project, Session, Time};
use store::Tx;

use super::target::administrator;
use crate::Error;
use crate::staff::tell_agent;

/// Where a session was escalated to, if its ticket is not resolved and it is still for those who got it.
pub(crate) async fn held_by(tx: &mut Tx, session: &Session) -> Result<Option<EscalationTarget>, store::Error> {
    let last = tx.escalation_targets(&[session.id.0]).await?.pop().map(|(_, target)| target);
    Ok(last.filter(|target| target.holds(session)))
}

/// Gives a session that an agent has just lost to an administrator, if it was escalated to the administrators or to one
/// agent: in line others would see it and could take it. The caller writes the session.
pub(crate) async fn keep(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    before: AgentId,
    wall: Time,
) -> Result<(), Error> {
    if session.assignee_id.is_some() || !held_by(tx, session).await?.is_some_and(EscalationTarget::is_personal) {
        return Ok(());
    }
    let Some(agent) = administrator(tx, project, Some(before), wall).await? else { return Ok(()) };
    session.assign(Some(agent), project.time(wall));
    if agent == before {
        return Ok(());
    }
    tell_agent(tx, project, session, agent, NoticeKind::Assigned, wall).await
}
