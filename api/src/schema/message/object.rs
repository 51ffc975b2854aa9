//! The type `Message`.

use std::sync::Arc;

use async_graphql::{Enum, Object};

use super::delivery::MessageDelivery;
use super::entity::MessageEntity;
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

    /// The delivery to Telegram. Null for inbound messages.
    fn delivery(&self) -> Option<MessageDelivery> {
        MessageDelivery::of(&self.row)
    }

    /// The agent who wrote the message. Null for what customers wrote.
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
