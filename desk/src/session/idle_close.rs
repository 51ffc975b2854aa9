//! Closing sessions whose customer stays silent.

use chrono::Duration;
use domain::event::Cause;
use domain::session::SessionLife;
use domain::{CloseReason, Session, SessionId, Time};
use store::Tx;
use store::jobs::NewJob;

use super::touch;
use crate::Error;
use crate::job::Next;

/// The kind of the job that closes a silent session.
pub(crate) const IDLE_CLOSE: &str = "session_idle_close";

/// How long to wait for a session that somebody else is changing.
const BUSY: Duration = Duration::seconds(1);

/// Has a session looked at once its customer has been silent for long enough. A later message
/// of an agent moves the look; one of the customer makes it find nothing to do.
pub(crate) async fn schedule_idle_close(
    tx: &mut Tx,
    session: &Session,
    life: SessionLife,
    wall: Time,
) -> Result<(), store::Error> {
    let job = NewJob {
        key: format!("{IDLE_CLOSE}:{}", session.id),
        project_id: Some(session.project_id),
        kind: IDLE_CLOSE,
        payload: session.id.to_string(),
        due_at: wall + life.no_response_after,
    };
    tx.schedule_job(&job, wall).await
}

/// Closes a session if its customer is silent still. One that is being changed is looked at
/// later: who changes it may be about to move this very job, which is locked.
pub(crate) async fn close_without_response(tx: &mut Tx, id: SessionId, wall: Time) -> Result<Next, Error> {
    let Some(mut session) = tx.lock_session_if_free(id).await? else {
        let is_there = tx.session(id).await?.is_some();
        return Ok(if is_there { Next::Again(wall + BUSY) } else { Next::Done });
    };
    let project = tx.project(session.project_id).await?.ok_or(Error::NotFound("project"))?;
    let now = project.time(wall);
    if session.is_without_response(project.session_life, now) {
        session.close(CloseReason::NoResponse, now);
        let event = touch(tx, &mut session, Cause::NoResponse, now).await?;
        tx.append_events(&[event], wall).await?;
    }
    Ok(Next::Done)
}
