//! Giving up messages for later that nobody could send any more.

use domain::scheduled::{ScheduledRefusal, ScheduledState};
use domain::{ScheduledMessage, Session, Time};
use store::Tx;

use super::job::note;
use super::job_key;

/// Settles the messages for later of a session that came into other hands or is over: if it comes back to their writers some
/// day, they must not go out by surprise. The session has its new version already. A customer who wrote in between keeps a
/// message only when its time comes, since `cancelOnReply` can be changed until then.
pub(crate) async fn give_up_scheduled(tx: &mut Tx, session: &Session, now: Time) -> Result<(), store::Error> {
    let messages = tx.scheduled_messages_of(&[session.id.0]).await?;
    for message in messages.into_iter().filter(|message| message.state == ScheduledState::Waiting) {
        let reason = match message.refusal_in(session) {
            Some(reason @ (ScheduledRefusal::SessionClosed | ScheduledRefusal::NotActiveReplier)) => reason,
            Some(ScheduledRefusal::CustomerReplied | ScheduledRefusal::NotSendable) | None => continue,
        };
        tx.remove_job(&job_key(message.id)).await?;
        let refused = ScheduledMessage {
            state: ScheduledState::Refused,
            reason: Some(reason),
            settled_at: Some(now),
            changed_version: session.version,
            ..message
        };
        tx.update_scheduled_message(&refused).await?;
        if let Some(project) = tx.project(session.project_id).await? {
            note(tx, &project, &refused, project.wall(now)).await?;
        }
    }
    Ok(())
}
