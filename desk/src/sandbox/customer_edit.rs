//! A simulated customer changes what they wrote.

use domain::text::{self, TextRefusal, without_nul};
use domain::{Direction, MessageId};

use super::backlog::push;
use super::message::Standing;
use super::{MessageRefusal, SandboxAct, SandboxContent, SandboxCustomer, SandboxMessage};
use crate::{Actor, Desk, Rejected};

/// Why a simulated customer could not change a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxEditRefusal {
    /// Nothing can be done with the message.
    #[error(transparent)]
    Message(#[from] MessageRefusal),
    /// The desk wrote it.
    #[error("a customer changes their own messages: this one is the desk's")]
    NotTheirs,
    /// It has neither a text nor a caption.
    #[error("only a text or the caption of a file can be changed")]
    NoText,
    /// Telegram would not take the text.
    #[error(transparent)]
    Text(#[from] TextRefusal),
}

impl Desk {
    /// Has a simulated customer change the text or the caption of a message. Answers the number of the update.
    pub async fn sandbox_customer_edit(
        &self,
        actor: &Actor,
        message_id: MessageId,
        text: &str,
    ) -> Result<i64, Rejected<SandboxEditRefusal>> {
        let refuse = |refusal: SandboxEditRefusal| Rejected::Refused(refusal);
        let Standing { project, customer, message, number } = self.standing(actor, message_id).await?;
        if message.direction != Direction::Inbound {
            return Err(refuse(SandboxEditRefusal::NotTheirs));
        }
        let check = match message.content.media {
            Some(_) => text::check_caption,
            None if message.content.details.is_none() => text::check,
            None => return Err(refuse(SandboxEditRefusal::NoText)),
        };
        check(text).map_err(|refusal| refuse(refusal.into()))?;
        let changed = SandboxMessage {
            message_id: number,
            customer: SandboxCustomer::behind(&customer),
            sent_at: message.created_at,
            edited_at: Some(project.time(self.now())),
            text: without_nul(text).into_owned(),
            content: SandboxContent { media: message.content.media, details: None },
            album_id: message.album_id,
            reply_to: None,
        };
        let mut tx = self.store.begin().await?;
        let update_id = push(&mut tx, project.id, &SandboxAct::Message(Box::new(changed))).await?;
        self.commit(tx).await?;
        Ok(update_id)
    }
}
