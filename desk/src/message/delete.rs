//! Taking a message away from its chat.

use domain::event::Cause;
use domain::message::{Change, ChangeKind, ChangeState};
use domain::{Message, MessageId};

use super::change::{MessageChange, MessageRefusal};
use super::outgoing::deletion_of;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl From<MessageRefusal> for Rejected<MessageRefusal> {
    fn from(refusal: MessageRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Desk {
    /// Deletes a message in its chat. One that waits to be sent is taken back at once; what the desk knows of it stays.
    /// To delete it again changes nothing.
    pub async fn message_delete(&self, actor: &Actor, id: MessageId) -> Result<Message, Rejected<MessageRefusal>> {
        retried(|| self.try_message_delete(actor, id)).await
    }

    async fn try_message_delete(&self, actor: &Actor, id: MessageId) -> Result<Message, Rejected<MessageRefusal>> {
        let mut change: MessageChange = self.change_message(actor, id).await?;
        change.check_replier_or_supervisor(actor)?;
        change.check_own()?;
        match change.check_there() {
            Err(MessageRefusal::Deleted) => return Ok(change.message),
            outcome => outcome?,
        }
        let now = change.session.now;
        if change.waiting_send().is_some() {
            change.withdraw(self).await?;
            change.note(Change { state: ChangeState::Done, ..Change::queued(ChangeKind::Delete, now) });
        } else {
            let edit = change.drop_waiting(ChangeKind::Edit, self).await?;
            if let Some(shown) = edit.and_then(|edit| edit.shown) {
                change.session.tx.set_wording(id, &shown).await?;
            }
            change.drop_waiting(ChangeKind::Pin, self).await?;
            let call = deletion_of(&change.message);
            change.ask_for(Change::queued(ChangeKind::Delete, now), call, self).await?;
        }
        Ok(self.finish_message(change, Cause::AgentDelete).await?)
    }
}
