//! Pinning messages in their chats.

use domain::message::{Change, ChangeKind};
use domain::{Message, MessageId};

use super::cause_of_change;
use super::change::{MessageChange, MessageRefusal};
use super::outgoing::{pin_of, unpin_of};
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Pins a message in its chat, whoever wrote it, or takes the pin away. What was asked for last is all that counts.
    pub async fn message_pin(
        &self,
        actor: &Actor,
        id: MessageId,
        pinned: bool,
    ) -> Result<Message, Rejected<MessageRefusal>> {
        retried(|| self.try_message_pin(actor, id, pinned)).await
    }

    async fn try_message_pin(
        &self,
        actor: &Actor,
        id: MessageId,
        pinned: bool,
    ) -> Result<Message, Rejected<MessageRefusal>> {
        let mut change: MessageChange = self.change_message(actor, id).await?;
        change.check_replier(actor)?;
        change.check_there()?;
        let kind = if pinned { ChangeKind::Pin } else { ChangeKind::Unpin };
        let is_so = match change.open_change(kind) {
            Some(open) => open.kind == kind,
            None => change.message.pinned_at.is_some() == pinned,
        };
        if is_so {
            return Ok(change.message);
        }
        let call = if pinned { pin_of(&change.message) } else { unpin_of(&change.message) };
        let asked = Change::queued(kind, change.session.now);
        change.ask_for(asked, call, self).await?;
        let action = if pinned { "messagePin" } else { "messageUnpin" };
        Ok(self.finish_message_as(change, action, cause_of_change(kind)).await?)
    }
}
