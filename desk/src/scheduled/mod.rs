//! Messages that are to be sent later.

mod cancel;
mod give_up;
mod job;
mod list;
mod schedule;
mod update;

pub use cancel::ScheduledMessageCancelRefusal;
pub(crate) use give_up::give_up_scheduled;
pub(crate) use job::{SEND_SCHEDULED, send_scheduled};
pub(crate) use schedule::OPERATION as SCHEDULE_OPERATION;
pub use schedule::{MessageScheduleRefusal, NewScheduledMessage};
pub use update::{ScheduledMessageChange, ScheduledMessageUpdateRefusal};

use domain::scheduled::{FARTHEST, ScheduledState};
use domain::{ScheduledMessage, ScheduledMessageId, Session, Time};
use store::Tx;
use store::jobs::NewJob;

use crate::session::SessionChange;
use crate::{Actor, Desk, Error};

/// A time at which nothing can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASendTime {
    /// It is not after the present one.
    #[error("the time to send at has passed: give a later one, or send it now with `messageSend`")]
    Past,
    /// It is more than [`FARTHEST`] ahead.
    #[error("the time to send at is more than 366 days ahead: give an earlier one")]
    TooFar,
}

/// Checks a time on the project's clock at which something is to be sent.
fn check_send_time(send_at: Time, now: Time) -> Result<(), NotASendTime> {
    if send_at <= now {
        return Err(NotASendTime::Past);
    }
    if send_at - now > FARTHEST { Err(NotASendTime::TooFar) } else { Ok(()) }
}

/// The key of the job that sends a message.
pub(crate) fn job_key(id: ScheduledMessageId) -> String {
    format!("{SEND_SCHEDULED}:{id}")
}

/// Has a message sent when its time comes. `now` is the project's clock.
async fn schedule_job(tx: &mut Tx, message: &ScheduledMessage, now: Time, wall: Time) -> Result<(), store::Error> {
    let job = NewJob {
        key: job_key(message.id),
        project_id: Some(message.project_id),
        kind: SEND_SCHEDULED,
        payload: message.id.to_string(),
        due_at: wall + (message.send_at - now),
    };
    tx.schedule_job(&job, wall).await
}

impl Desk {
    /// Begins the change of a message for later by somebody for whom its session goes on; nothing if it does not or
    /// there is no such message. Its job, which may be about to run, is not waited for: it looks again at what it has to
    /// do once it has the session.
    async fn change_scheduled(
        &self,
        actor: &Actor,
        id: ScheduledMessageId,
    ) -> Result<Option<(SessionChange, ScheduledMessage)>, Error> {
        let known = self.store.read().await?.scheduled_messages(&[id.0]).await?.pop();
        let Some(known) = known else { return Ok(None) };
        let Some(mut change) = self.change_any_session(actor, known.session_id).await? else { return Ok(None) };
        // What somebody else was changing meanwhile is read as they left it.
        let message = change.tx.scheduled_messages(&[id.0]).await?.pop();
        Ok(message.map(|message| (change, message)))
    }
}

/// How many of these messages wait.
fn waiting(messages: &[ScheduledMessage]) -> usize {
    messages.iter().filter(|message| message.state == ScheduledState::Waiting).count()
}

/// When the next message of a session goes out that waits and would go out if its time had come.
pub(crate) async fn next_send_time(tx: &mut Tx, session: &Session) -> Result<Option<Time>, store::Error> {
    let messages = tx.scheduled_messages_of(&[session.id.0]).await?;
    let to_come = messages.iter().filter(|message| message.state == ScheduledState::Waiting);
    Ok(to_come.filter(|message| message.refusal_in(session).is_none()).map(|message| message.send_at).min())
}
