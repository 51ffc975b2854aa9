//! Noting that a session needs an agent.

use domain::{AgentId, Project, ProjectId, Session, Time};
use store::Tx;
use store::jobs::NewJob;
use store::routing::LetLie;

use super::ROUTE;

/// Has the desk look for an agent for a session that nobody has, if the project wants that. The caller writes the
/// session. Answers whether an agent is looked for.
pub(crate) async fn mark_for_routing(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    wall: Time,
) -> Result<bool, store::Error> {
    if !session.needs_an_agent() || !is_wanted(tx, project.id).await? {
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

/// Whether a project wants the desk to give out its sessions.
pub(crate) async fn is_wanted(tx: &mut Tx, project: ProjectId) -> Result<bool, store::Error> {
    Ok(tx.routing_policy(project).await?.is_some_and(|policy| policy.enabled))
}

/// One of many sessions that nobody has any more, in a project that wants somebody looked for: it gets in line, and those
/// who had it do not get it again at once. The caller writes the session, and has somebody go round when all are in line.
pub(crate) async fn get_in_line(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    before: Option<AgentId>,
    wall: Time,
) -> Result<(), store::Error> {
    if !session.needs_an_agent() {
        return Ok(());
    }
    session.queued_at.get_or_insert(project.time(wall));
    if let Some(before) = before {
        tx.note_let_lie(&lost(project, session, before, wall)).await?;
    }
    Ok(())
}

/// As [`mark_for_routing`], for a session that was taken from an agent, handed to a team or put back: those who had it do not
/// get it again at once. The caller writes the session.
pub(crate) async fn put_back(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    before: Option<AgentId>,
    wall: Time,
) -> Result<(), store::Error> {
    if mark_for_routing(tx, project, session, wall).await?
        && let Some(before) = before
    {
        tx.note_let_lie(&lost(project, session, before, wall)).await?;
    }
    Ok(())
}

/// An agent loses a session now, and does not get it again at once.
pub(super) fn lost(project: &Project, session: &Session, agent_id: AgentId, wall: Time) -> LetLie {
    LetLie { session_id: session.id, agent_id, at: project.time(wall), wall_at: wall }
}
