//! Noting that a session needs an agent.

use domain::{AgentId, Project, Session, Time};
use store::Tx;
use store::jobs::NewJob;

use super::ROUTE;

/// Has the desk look for an agent for a session that nobody has, if the project wants that. The caller writes the
/// session. Answers whether an agent is looked for.
pub(crate) async fn mark_for_routing(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    wall: Time,
) -> Result<bool, store::Error> {
    if !session.is_open() || session.assignee_id.is_some() {
        return Ok(false);
    }
    if !tx.routing_policy(project.id).await?.is_some_and(|policy| policy.enabled) {
        return Ok(false);
    }
    session.queued_at.get_or_insert(project.time(wall));
    let job = NewJob {
        key: format!("{ROUTE}:{}", session.id),
        project_id: Some(project.id),
        kind: ROUTE,
        payload: session.id.to_string(),
        due_at: wall,
    };
    tx.schedule_job(&job, wall).await?;
    Ok(true)
}

/// The same for a session that was taken from an agent or put back by them: they do not get it again at once. The caller
/// writes the session.
pub(crate) async fn put_back(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    before: AgentId,
    wall: Time,
) -> Result<bool, store::Error> {
    let is_marked = mark_for_routing(tx, project, session, wall).await?;
    if is_marked {
        tx.note_let_lie(session.id, before, project.time(wall)).await?;
    }
    Ok(is_marked)
}
