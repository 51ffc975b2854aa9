//! Taking back a message that is to be sent later.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::scheduled::ScheduledState;
use domain::{ApiScope, ScheduledMessage, ScheduledMessageId};

use super::job_key;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why a message for later was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScheduledMessageCancelRefusal {
    /// There is no such message, or its session does not go on for the actor.
    #[error("there is no such scheduled message")]
    NotFound,
    /// Somebody else wrote it and answers in the session, and the actor is an agent only.
    #[error("somebody else wrote this message: ask them, whoever answers in the session, or a supervisor")]
    NotAuthor,
    /// It went out, was taken back, or could not go out.
    #[error("the message does not wait any more: its `state` says what became of it; schedule another one if need be")]
    NotWaiting,
}

impl From<ScheduledMessageCancelRefusal> for Rejected<ScheduledMessageCancelRefusal> {
    fn from(refusal: ScheduledMessageCancelRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Desk {
    /// Takes back a message for later: its writer, whoever answers in the session, and supervisors.
    pub async fn scheduled_message_cancel(
        &self,
        actor: &Actor,
        id: ScheduledMessageId,
    ) -> Result<ScheduledMessage, Rejected<ScheduledMessageCancelRefusal>> {
        actor.needs(ApiScope::MessagesSend)?;
        retried(|| self.try_scheduled_message_cancel(actor, id)).await
    }

    async fn try_scheduled_message_cancel(
        &self,
        actor: &Actor,
        id: ScheduledMessageId,
    ) -> Result<ScheduledMessage, Rejected<ScheduledMessageCancelRefusal>> {
        let Some((mut change, mut message)) = self.change_scheduled(actor, id).await? else {
            return Err(ScheduledMessageCancelRefusal::NotFound.into());
        };
        if message.agent_id != actor.agent.id && !change.may_answer_for() {
            return Err(ScheduledMessageCancelRefusal::NotAuthor.into());
        }
        if message.state != ScheduledState::Waiting {
            return Err(ScheduledMessageCancelRefusal::NotWaiting.into());
        }
        message.state = ScheduledState::Cancelled;
        message.settled_at = Some(change.now);
        message.settled_by = Some(actor.agent.id);
        message.changed_version = change.session.version + 1;
        let cancelled = change.tx.update_scheduled_message(&message).await?;
        change.tx.remove_job(&job_key(id)).await?;
        let object = (ObjectKind::ScheduledMessage, id.0);
        self.finish_within_session(change, Cause::Scheduled, "scheduledMessageCancel", object).await?;
        Ok(cancelled)
    }
}
