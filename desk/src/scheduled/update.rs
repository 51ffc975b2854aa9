//! Changing a message that is to be sent later.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::formatting::Entity;
use domain::scheduled::ScheduledState;
use domain::text::without_nul;
use domain::{ApiScope, ScheduledMessage, ScheduledMessageId, Time};

use super::schedule::ready;
use super::{NotASendTime, check_send_time, schedule_job};
use crate::message::MessageSendRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// What is to change of a message for later; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct ScheduledMessageChange {
    /// The text with its formatting.
    pub wording: Option<(String, Vec<Entity>)>,
    /// When it is to be sent, on the project's clock.
    pub send_at: Option<Time>,
    /// Whether it stays here if the customer writes before that.
    pub cancel_on_reply: Option<bool>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a message for later was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduledMessageUpdateRefusal {
    /// There is no such message, or its session does not go on for the actor.
    #[error("there is no such scheduled message")]
    NotFound,
    /// Somebody else wrote it.
    #[error("somebody else wrote this message: cancel it, or ask them")]
    NotAuthor,
    /// It went out, was taken back, or could not go out.
    #[error("the message does not wait any more: schedule another one")]
    NotWaiting,
    /// It is not at the version that the actor has seen.
    #[error("the message has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<ScheduledMessage>),
    /// Telegram could not take it.
    #[error(transparent)]
    Content(#[from] MessageSendRefusal),
    /// The time cannot be taken.
    #[error(transparent)]
    Time(#[from] NotASendTime),
}

impl<E: Into<ScheduledMessageUpdateRefusal>> From<E> for Rejected<ScheduledMessageUpdateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes a message for later that the actor wrote. The customer's silence counts anew.
    pub async fn scheduled_message_update(
        &self,
        actor: &Actor,
        id: ScheduledMessageId,
        change: &ScheduledMessageChange,
    ) -> Result<ScheduledMessage, Rejected<ScheduledMessageUpdateRefusal>> {
        actor.needs(ApiScope::MessagesSend)?;
        retried(|| self.try_scheduled_message_update(actor, id, change)).await
    }

    async fn try_scheduled_message_update(
        &self,
        actor: &Actor,
        id: ScheduledMessageId,
        asked: &ScheduledMessageChange,
    ) -> Result<ScheduledMessage, Rejected<ScheduledMessageUpdateRefusal>> {
        use ScheduledMessageUpdateRefusal as Refusal;
        let Some((mut change, before)) = self.change_scheduled(actor, id).await? else {
            return Err(Refusal::NotFound.into());
        };
        if before.agent_id != actor.agent.id {
            return Err(Refusal::NotAuthor.into());
        }
        if before.state != ScheduledState::Waiting {
            return Err(Refusal::NotWaiting.into());
        }
        if asked.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(Refusal::VersionConflict(Box::new(before)).into());
        }
        let mut message = before;
        if let Some((text, entities)) = &asked.wording {
            (message.text, message.entities) = (without_nul(text).into_owned(), entities.clone());
        }
        ready(&message)?;
        if let Some(send_at) = asked.send_at {
            check_send_time(send_at, change.now)?;
            message.send_at = send_at;
        }
        message.cancel_on_reply = asked.cancel_on_reply.unwrap_or(message.cancel_on_reply);
        message.inbound_count = change.session.inbound_count;
        message.changed_version = change.session.version + 1;
        let changed = change.tx.update_scheduled_message(&message).await?;
        schedule_job(&mut change.tx, &changed, change.now, change.wall).await?;
        let object = (ObjectKind::ScheduledMessage, id.0);
        self.finish_within_session(change, Cause::Scheduled, "scheduledMessageUpdate", object).await?;
        Ok(changed)
    }
}
