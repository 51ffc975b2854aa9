//! Changing the text of a message that was sent, or waits to be.

use domain::event::Cause;
use domain::formatting::{self, Entity, FormattingRefusal};
use domain::message::{Change, ChangeKind, Wording, caption_limit};
use domain::text::{self, TextRefusal, without_nul};
use domain::{Message, MessageId};

use super::change::{MessageChange, MessageRefusal};
use super::outgoing::edit_of;
use super::send::json_of;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Another text for a message.
#[derive(Debug, Clone)]
pub struct NewWording {
    /// The text, or the caption.
    pub text: String,
    /// Its formatting.
    pub entities: Vec<Entity>,
}

/// Why a message keeps its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageEditRefusal {
    /// The message cannot be changed.
    #[error(transparent)]
    Message(#[from] MessageRefusal),
    /// Telegram could not take the text.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Telegram could not take the formatting.
    #[error(transparent)]
    Formatting(#[from] FormattingRefusal),
    /// It is of a kind that has no text.
    #[error("a message of kind {0} has no text that could be changed")]
    NoText(String),
}

impl<E: Into<MessageEditRefusal>> From<E> for Rejected<MessageEditRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Gives a message another text. One that waits to be sent is sent with it; one that was sent is changed in the chat
    /// as soon as may be, and the newest text is all that counts.
    pub async fn message_edit(
        &self,
        actor: &Actor,
        id: MessageId,
        wording: &NewWording,
    ) -> Result<Message, Rejected<MessageEditRefusal>> {
        retried(|| self.try_message_edit(actor, id, wording)).await
    }

    async fn try_message_edit(
        &self,
        actor: &Actor,
        id: MessageId,
        wording: &NewWording,
    ) -> Result<Message, Rejected<MessageEditRefusal>> {
        let mut change: MessageChange = self.change_message(actor, id).await?;
        change.check_replier(actor)?;
        change.check_own()?;
        change.check_there()?;
        let wanted = checked(&change.message, wording, change.session.now)?;
        if wanted.text == change.message.text && wanted.entities == change.message.entities {
            return Ok(change.message);
        }
        let shown = shown_of(&change);
        change.session.tx.set_wording(id, &wanted).await?;
        change.message.text.clone_from(&wanted.text);
        change.message.entities.clone_from(&wanted.entities);
        if change.waiting_send().is_some() {
            change.rewrite_send(self).await?;
        } else {
            let call = edit_of(&change.message);
            let asked = Change { shown: Some(shown), ..Change::queued(ChangeKind::Edit, change.session.now) };
            change.ask_for(asked, call, self).await?;
        }
        Ok(self.finish_message(change, Cause::AgentEdit).await?)
    }
}

/// The text as it is to be, if Telegram takes it for such a message.
fn checked(
    message: &Message,
    wording: &NewWording,
    now: domain::Time,
) -> Result<Wording, Rejected<MessageEditRefusal>> {
    let text = without_nul(&wording.text).into_owned();
    match &message.content.media {
        None if message.kind != domain::message::TEXT_KIND => {
            return Err(MessageEditRefusal::NoText(message.kind.clone()).into());
        }
        None => text::check(&text)?,
        Some(media) if caption_limit(media.kind) == 0 => {
            return Err(MessageEditRefusal::NoText(message.kind.clone()).into());
        }
        Some(_) => text::check_caption(&text)?,
    }
    formatting::check(&text, &wording.entities)?;
    Ok(Wording { entities: json_of(&wording.entities)?, text, edited_at: Some(now) })
}

/// What the chat shows as far as is known: what an edit that is still to be made would replace, or the text as it is.
fn shown_of(change: &MessageChange) -> Wording {
    let earlier = change.open_change(ChangeKind::Edit).and_then(|earlier| earlier.shown.clone());
    earlier.unwrap_or_else(|| Wording {
        text: change.message.text.clone(),
        entities: change.message.entities.clone(),
        edited_at: change.message.edited_at,
    })
}
