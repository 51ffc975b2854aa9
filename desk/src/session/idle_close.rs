//! Closing sessions whose customer stays silent.

use chrono::Duration;
use domain::event::Cause;
use domain::session::SessionLife;
use domain::{CloseReason, Session, SessionId, Ticket, Time};
use store::Tx;
use store::jobs::NewJob;

use super::job::{BUSY, Target, target};
use super::touch_by_desk;
use crate::Error;
use crate::job::Next;
use crate::scheduled::next_send_time;

/// The kind of the job that closes a silent session.
pub(crate) const IDLE_CLOSE: &str = "session_idle_close";

/// How long to wait at least for what the desk has to do.
const AT_WORK: Duration = Duration::minutes(1);

/// Has a session looked at once its customer has been silent for long enough, if it is theirs to answer. A later message
/// of an agent moves the look; one of the customer makes it find nothing to do. A customer who became silent while the
/// session waited for something else has the whole time again. `now` is the project's clock.
pub(crate) async fn schedule_idle_close(
    tx: &mut Tx,
    session: &Session,
    life: SessionLife,
    now: Time,
    wall: Time,
) -> Result<(), store::Error> {
    let Some(ends_at) = session.silence_ends_at(life) else { return Ok(()) };
    let remaining = if ends_at > now { ends_at - now } else { life.no_response_after };
    let job = NewJob {
        key: format!("{IDLE_CLOSE}:{}", session.id),
        project_id: Some(session.project_id),
        kind: IDLE_CLOSE,
        payload: session.id.to_string(),
        due_at: wall + remaining,
    };
    tx.schedule_job(&job, wall).await
}

/// Closes a session if its customer is silent still. While the desk is at a ticket that came of it, an answer is owed to them
/// and not by them; while a message waits to be sent to them, they have not heard all.
pub(crate) async fn close_without_response(tx: &mut Tx, id: SessionId, wall: Time) -> Result<Next, Error> {
    let (mut session, project) = match target(tx, id, wall).await? {
        Target::Free(session, project) => (*session, *project),
        Target::Not(next) => return Ok(next),
    };
    let now = project.time(wall);
    let Some(ends_at) = session.silence_ends_at(project.session_life) else { return Ok(Next::Done) };
    if ends_at > now {
        return Ok(Next::Again(wall + (ends_at - now)));
    }
    let look_again_after = project.session_life.no_response_after.max(AT_WORK);
    if tx.tickets_of_sessions(&[id.0]).await?.iter().any(Ticket::is_up_to_the_desk) {
        return Ok(Next::Again(wall + look_again_after));
    }
    if let Some(send_at) = next_send_time(tx, &session).await? {
        // It may be taken back or put off meanwhile.
        return Ok(Next::Again(wall + (send_at - now).clamp(BUSY, look_again_after)));
    }
    session.close(CloseReason::NoResponse, now);
    touch_by_desk(tx, &project, &mut session, Cause::NoResponse, wall).await?;
    Ok(Next::Done)
}
