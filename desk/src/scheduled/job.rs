//! Sending a message when its time has come.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::scheduled::{ScheduledRefusal, ScheduledState};
use domain::{Project, ScheduledMessage, ScheduledMessageId, Session, Time};
use serde_json::json;
use store::Tx;

use super::schedule::ready;
use crate::agent::member;
use crate::audit::Audited;
use crate::job::Next;
use crate::message::Sending;
use crate::session::{Target, target, touch};
use crate::{Error, Rejected};

/// The kind of the job that sends a message when its time has come.
pub(crate) const SEND_SCHEDULED: &str = "scheduled_message";

/// Sends a message, if it waits and its time has come, as the agent who wrote it. Where it cannot go out any more, that
/// is noted in it for everybody to see.
pub(crate) async fn send_scheduled(tx: &mut Tx, id: ScheduledMessageId, wall: Time) -> Result<Next, Error> {
    let Some(known) = tx.scheduled_messages(&[id.0]).await?.pop() else { return Ok(Next::Done) };
    let (mut session, project) = match target(tx, known.session_id, wall).await? {
        Target::Free(session, project) => (*session, *project),
        Target::Not(next) => return Ok(next),
    };
    // What somebody was changing meanwhile is read as they left it.
    let message = tx.scheduled_messages(&[id.0]).await?.pop();
    let Some(message) = message.filter(|message| message.state == ScheduledState::Waiting) else {
        return Ok(Next::Done);
    };
    let now = project.time(wall);
    if message.send_at > now {
        return Ok(Next::Again(wall + (message.send_at - now)));
    }
    match send(tx, &mut session, &project, &message, (now, wall)).await? {
        Ok(settled) => {
            tx.update_scheduled_message(&settled).await?;
            note(tx, &project, &settled, wall).await?;
        }
        Err(reason) => {
            let refused = ScheduledMessage {
                state: ScheduledState::Refused,
                reason: Some(reason),
                settled_at: Some(now),
                changed_version: session.version + 1,
                ..message
            };
            tx.update_scheduled_message(&refused).await?;
            note(tx, &project, &refused, wall).await?;
            let event = touch(tx, &mut session, Cause::Scheduled, now).await?;
            tx.append_events(&[event], wall).await?;
        }
    }
    Ok(Next::Done)
}

/// The message as it is once it was sent, or why it cannot be.
async fn send(
    tx: &mut Tx,
    session: &mut Session,
    project: &Project,
    message: &ScheduledMessage,
    (now, wall): (Time, Time),
) -> Result<Result<ScheduledMessage, ScheduledRefusal>, Error> {
    if let Some(reason) = message.refusal_in(session) {
        return Ok(Err(reason));
    }
    if member(tx, project, message.agent_id).await?.is_none() {
        return Ok(Err(ScheduledRefusal::NotActiveReplier));
    }
    let Ok((reply, parts)) = ready(message) else { return Ok(Err(ScheduledRefusal::NotSendable)) };
    let author = message.agent_id;
    let sending = Sending { tx, session, project, author, cause: Cause::Scheduled, now, wall };
    match sending.send(&reply, &parts).await {
        Ok(sent) => Ok(Ok(ScheduledMessage {
            state: ScheduledState::Sent,
            message_id: sent.first().map(|first| first.id),
            settled_at: Some(now),
            changed_version: session.version,
            ..message.clone()
        })),
        Err(Rejected::Refused(_)) => Ok(Err(ScheduledRefusal::NotSendable)),
        Err(Rejected::Failed(error)) => Err(error),
    }
}

/// Notes in the audit log what became of a message. Nobody did it at that moment.
pub(super) async fn note(
    tx: &mut Tx,
    project: &Project,
    message: &ScheduledMessage,
    wall: Time,
) -> Result<(), store::Error> {
    let details = json!({
        "session": message.session_id,
        "agent": message.agent_id,
        "state": message.state.name(),
        "reason": message.reason.map(ScheduledRefusal::name),
    });
    let object = (ObjectKind::ScheduledMessage, message.id.0);
    Audited::by_desk(project, Cause::Scheduled.name(), object, wall).with(&details).write(tx).await
}
