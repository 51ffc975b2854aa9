//! Closing sessions that were resolved.

use domain::event::Cause;
use domain::session::SessionLife;
use domain::{CloseReason, Session, SessionId, Time};
use store::Tx;
use store::jobs::NewJob;

use super::job::{Target, target};
use super::touch_by_desk;
use crate::Error;
use crate::job::Next;

/// The kind of the job that closes a resolved session.
pub(crate) const RESOLVED_CLOSE: &str = "session_resolved_close";

/// Has a resolved session closed when it is time. `now` is the project's clock.
pub(crate) async fn schedule_resolved_close(
    tx: &mut Tx,
    session: &Session,
    life: SessionLife,
    now: Time,
    wall: Time,
) -> Result<(), store::Error> {
    let Some(closes_at) = session.closes_at(life) else { return Ok(()) };
    let job = NewJob {
        key: format!("{RESOLVED_CLOSE}:{}", session.id),
        project_id: Some(session.project_id),
        kind: RESOLVED_CLOSE,
        payload: session.id.to_string(),
        due_at: wall + (closes_at - now),
    };
    tx.schedule_job(&job, wall).await
}

/// Closes a session if it is resolved still and nothing came back for long enough.
pub(crate) async fn close_resolved(tx: &mut Tx, id: SessionId, wall: Time) -> Result<Next, Error> {
    let (mut session, project) = match target(tx, id, wall).await? {
        Target::Free(session, project) => (*session, *project),
        Target::Not(next) => return Ok(next),
    };
    let now = project.time(wall);
    let Some(closes_at) = session.closes_at(project.session_life) else { return Ok(Next::Done) };
    if closes_at > now {
        return Ok(Next::Again(wall + (closes_at - now)));
    }
    session.close(CloseReason::Resolved, now);
    touch_by_desk(tx, &project, &mut session, Cause::ResolvedClose, wall).await?;
    Ok(Next::Done)
}
