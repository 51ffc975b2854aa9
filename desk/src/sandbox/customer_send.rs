//! A simulated customer writes.

use domain::{MessageId, ProjectId};
use store::Tx;

use super::act::SandboxReply;
use super::backlog::push;
use super::{ContentRefusal, CustomerRefusal, NewContent, PlaceRefusal, SandboxAct, SandboxCustomer, SandboxMessage};
use crate::{Actor, Desk, Error, Rejected};

/// What a simulated customer writes.
#[derive(Debug, Clone)]
pub struct NewSandboxMessage {
    /// The sandbox.
    pub project_id: ProjectId,
    /// Who writes.
    pub customer: SandboxCustomer,
    /// Whether they keep the name that the desk knows them by, if it knows them.
    pub keeps_name: bool,
    /// What they write.
    pub content: NewContent,
    /// What the items of one album have in common.
    pub album_id: Option<String>,
    /// The message of their chat that they answer.
    pub reply_to_id: Option<MessageId>,
}

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SandboxSent {
    /// The number of the update that the bot gets.
    pub update_id: i64,
    /// The number of the message within the chat.
    pub telegram_message_id: i64,
}

/// Why a simulated customer could not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxSendRefusal {
    /// Nothing can be simulated there.
    #[error(transparent)]
    Place(#[from] PlaceRefusal),
    /// There can be no such customer.
    #[error(transparent)]
    Customer(#[from] CustomerRefusal),
    /// Telegram would not take it.
    #[error(transparent)]
    Content(#[from] ContentRefusal),
    /// The album has no name that it can have, or what is in it cannot be.
    #[error("an album has photos, videos, documents or audio files, and an id of 1 to 64 characters")]
    Album,
    /// The message to answer is not in the customer's chat.
    #[error("the message to reply to is not in the chat of this customer, or is not delivered yet")]
    ReplyToNotFound,
}

const ALBUM_ID_CHARACTERS: std::ops::RangeInclusive<usize> = 1..=64;

impl Desk {
    /// Has a simulated customer write. Once this returns the message is durable; it reaches
    /// its session the way messages from Telegram do. Who had blocked the bot lets it in first.
    pub async fn sandbox_customer_send(
        &self,
        actor: &Actor,
        new: &NewSandboxMessage,
    ) -> Result<SandboxSent, Rejected<SandboxSendRefusal>> {
        let refuse = |refusal: SandboxSendRefusal| Rejected::Refused(refusal);
        let project = self.sandbox(actor, new.project_id).await?;
        let mut customer = new.customer.checked().map_err(|refusal| refuse(refusal.into()))?;
        let (text, content) = new.content.checked().map_err(|refusal| refuse(refusal.into()))?;
        let is_album = |id: &String| ALBUM_ID_CHARACTERS.contains(&id.chars().count()) && content.media.is_some();
        if new.album_id.as_ref().is_some_and(|id| !is_album(id)) {
            return Err(refuse(SandboxSendRefusal::Album));
        }
        let reply_to = match new.reply_to_id {
            None => None,
            Some(id) => {
                let found = self.replied_to(id, project.id, &customer).await?;
                Some(found.ok_or_else(|| refuse(SandboxSendRefusal::ReplyToNotFound))?)
            }
        };
        let sent_at = project.time(self.now());
        let mut tx = self.store.begin().await?;
        if new.keeps_name
            && let Some(known) = tx.customer_by_telegram_user(project.id, customer.telegram_user_id).await?
        {
            customer.name = known.name;
        }
        unblock(&mut tx, project.id, &customer, sent_at).await?;
        let message_id = tx.next_sandbox_message_id(project.id).await?;
        let message = SandboxMessage {
            message_id,
            customer,
            sent_at,
            edited_at: None,
            text,
            content,
            album_id: new.album_id.clone(),
            reply_to,
        };
        let update_id = push(&mut tx, project.id, &SandboxAct::Message(Box::new(message))).await?;
        self.commit(tx).await?;
        Ok(SandboxSent { update_id, telegram_message_id: message_id })
    }

    /// The message that a customer answers, if it is in their chat.
    async fn replied_to(
        &self,
        id: MessageId,
        project_id: ProjectId,
        customer: &SandboxCustomer,
    ) -> Result<Option<SandboxReply>, Error> {
        let message = self.store.read().await?.message(id).await?;
        let message = message.filter(|message| {
            message.project_id == project_id
                && message.chat_id.0 == customer.telegram_user_id.0
                && message.deleted_at.is_none()
        });
        Ok(message.and_then(|message| {
            Some(SandboxReply {
                message_id: message.telegram_message_id?,
                from_bot: message.direction == domain::Direction::Outbound,
                text: message.text,
            })
        }))
    }
}

/// Has a customer who had blocked the bot let it in again, which is what Telegram asks of them before they can write.
async fn unblock(
    tx: &mut Tx,
    project_id: ProjectId,
    customer: &SandboxCustomer,
    at: domain::Time,
) -> Result<(), Error> {
    if tx.unblock_in_sandbox(project_id, customer.telegram_user_id).await? {
        push(tx, project_id, &SandboxAct::Blocking { customer: customer.clone(), blocks: false, at }).await?;
    }
    Ok(())
}
