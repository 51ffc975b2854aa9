//! The type `Message`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Enum, Object};

use super::change::MessageChange;
use super::content::{MessageButton, MessageForward, MessageQuote, MessageReaction, MessageWriter};
use super::delivery::MessageDelivery;
use super::details::MessageDetails;
use super::entity::MessageEntity;
use super::media::Media;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::view::View;

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Direction")]
pub(crate) enum MessageDirection {
    /// From the customer to the desk.
    Inbound,
    /// From the desk to the customer.
    Outbound,
}

pub(crate) struct Message {
    row: Arc<domain::Message>,
    /// The session, if it was at hand.
    session: Option<Arc<domain::Session>>,
    view: View,
}

impl Message {
    pub(crate) fn new(row: Arc<domain::Message>, view: &View) -> Self {
        Self { row, session: None, view: view.clone() }
    }

    /// A message whose session is at hand.
    pub(crate) fn of_session(row: Arc<domain::Message>, session: Arc<domain::Session>, view: &View) -> Self {
        Self { row, session: Some(session), view: view.clone() }
    }
}

/// One item of a session: what a customer wrote, or what was written to them.
#[Object]
impl Message {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The text or the caption. Empty if the message has neither.
    fn text(&self) -> &str {
        &self.row.text
    }

    /// Which way the message went.
    fn direction(&self) -> MessageDirection {
        self.row.direction.into()
    }

    /// When the desk took the message in, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When the text was last changed, on the project's clock. Null if it never was.
    fn edited_at(&self) -> Option<DateTime> {
        self.row.edited_at.map(DateTime::from)
    }

    /// The kind of the message as the Bot API names it: `text`, `photo`, `sticker` and so on.
    fn kind(&self) -> &str {
        &self.row.kind
    }

    /// The formatting of the text, in the order of the text.
    fn entities(&self) -> Vec<MessageEntity> {
        self.row.entities.as_deref().map_or_else(Vec::new, MessageEntity::read_all)
    }

    /// What was asked for of the message since it was sent, and what came of it: the last edit, the deletion, the last pin
    /// or its opposite. Empty if nothing was.
    fn changes(&self) -> Vec<MessageChange> {
        MessageChange::all_of(&self.row)
    }

    /// The file that the message holds: a photo, a voice message, a document and so on. Null if it holds none.
    fn media(&self) -> Option<Media> {
        let media = self.row.content.media.as_ref()?;
        Some(Media::new(media.clone(), self.row.id, &self.view))
    }

    /// What the kind of the message says beside text and file: a place, a contact, a poll and so on. Null if it says
    /// nothing more.
    fn details(&self) -> Option<MessageDetails> {
        self.row.content.details.clone().map(MessageDetails::from)
    }

    /// What the items of one album have in common. Null if the message is no item of an album.
    fn album_id(&self) -> Option<&str> {
        self.row.album_id.as_deref()
    }

    /// All items of the album that the message belongs to, itself among them, in their order; those that have arrived
    /// so far. Empty if it belongs to none.
    async fn album(&self) -> Result<Vec<Message>> {
        let Some(album) = &self.row.album_id else { return Ok(Vec::new()) };
        let items = self.view.loaders().albums().load((self.row.session_id, album.as_str().into())).await?;
        let message = |item: &Arc<domain::Message>| match &self.session {
            Some(session) => Message::of_session(item.clone(), session.clone(), &self.view),
            None => Message::new(item.clone(), &self.view),
        };
        Ok(items.iter().flat_map(|items| items.iter()).map(message).collect())
    }

    /// Where the message was forwarded from. Null if it was not.
    fn forward(&self) -> Option<MessageForward> {
        self.row.content.forward.clone().map(MessageForward::from)
    }

    /// The part of the answered message that this one quotes. Null if it quotes none.
    fn quote(&self) -> Option<MessageQuote> {
        self.row.content.quote.clone().map(MessageQuote::from)
    }

    /// Who wrote the message, where several people write in one chat. Null elsewhere, and for what the desk wrote.
    fn writer(&self) -> Option<MessageWriter> {
        self.row.content.writer.clone().map(MessageWriter::from)
    }

    /// The buttons under the message, row by row. Empty if there are none.
    fn buttons(&self) -> Vec<Vec<MessageButton>> {
        let rows = self.row.content.buttons.iter();
        rows.map(|row| row.iter().cloned().map(MessageButton::from).collect()).collect()
    }

    /// The reactions that the message has now. Empty if it has none.
    fn reactions(&self) -> Vec<MessageReaction> {
        self.row.content.reactions.iter().cloned().map(MessageReaction::from).collect()
    }

    /// Since when the message has been pinned in the chat, on the project's clock. Null if it is not.
    fn pinned_at(&self) -> Option<DateTime> {
        self.row.pinned_at.map(DateTime::from)
    }

    /// When the message was deleted in the chat, on the project's clock. The desk keeps what it said. Null if it is still
    /// there.
    fn deleted_at(&self) -> Option<DateTime> {
        self.row.deleted_at.map(DateTime::from)
    }

    /// The delivery to Telegram. Null for inbound messages.
    fn delivery(&self) -> Option<MessageDelivery> {
        MessageDelivery::of(&self.row)
    }

    /// The agent who wrote the message. Null for what customers wrote, and for what the desk sent by itself, such as greetings
    /// and places in line.
    async fn author(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.author_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The message that this one answers. Null if it answers none, or one that the desk does not know.
    async fn reply_to(&self) -> Result<Option<Message>> {
        let Some(id) = self.row.reply_to_id else { return Ok(None) };
        Ok(self.view.loaders().messages().load(id).await?.map(|message| Message::new(message, &self.view)))
    }

    /// The session that the message belongs to.
    async fn session(&self) -> Result<Session> {
        let session = match &self.session {
            Some(session) => Some(session.clone()),
            None => self.view.loaders().sessions().load(self.row.session_id).await?,
        };
        Ok(Session::new(session.ok_or(desk::Error::NotFound("session"))?, &self.view))
    }
}
