//! The type `ScheduledMessage`.

use std::sync::Arc;

use async_graphql::{Enum, Object};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::message::{MediaKind, Message, MessageEntity};
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::view::View;

/// What became of a message that was to be sent later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::scheduled::ScheduledState")]
pub(crate) enum ScheduledMessageState {
    /// It is not time yet.
    Waiting,
    /// It was handed over for delivery: follow its `message`.
    Sent,
    /// Somebody took it back.
    Cancelled,
    /// It could not go out when its time came, or nobody could have sent it any more: see `reason`.
    Refused,
}

/// Why a message did not go out. It is given up as soon as its session is closed or its author ceases to answer in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::scheduled::ScheduledRefusal")]
pub(crate) enum ScheduledMessageReason {
    /// The session was closed.
    SessionClosed,
    /// Its author did not answer in the session any more.
    NotActiveReplier,
    /// The customer had written in between.
    CustomerReplied,
    /// What it says, or a file of it, could not be sent any more.
    NotSendable,
}

pub(crate) struct ScheduledMessage {
    row: Arc<domain::ScheduledMessage>,
    view: View,
}

impl ScheduledMessage {
    pub(crate) fn new(row: Arc<domain::ScheduledMessage>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A message that an agent wrote to be sent to the customer later.
#[Object]
impl ScheduledMessage {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The text; under files the caption. Empty if there is none.
    fn text(&self) -> &str {
        &self.row.text
    }

    /// The formatting of the text.
    fn entities(&self) -> Vec<MessageEntity> {
        MessageEntity::all_of(&self.row.entities)
    }

    /// What the files that go with it are to be to Telegram, in their order. Empty if there are none.
    fn media_kinds(&self) -> Vec<MediaKind> {
        self.row.media.iter().map(|media| media.kind.into()).collect()
    }

    /// When it is to be sent, on the project's clock.
    fn send_at(&self) -> DateTime {
        self.row.send_at.into()
    }

    /// Whether it stays here if the customer writes before that.
    fn cancel_on_reply(&self) -> bool {
        self.row.cancel_on_reply
    }

    /// What became of it.
    fn state(&self) -> ScheduledMessageState {
        self.row.state.into()
    }

    /// Why it did not go out. Null unless its state is `REFUSED`.
    fn reason(&self) -> Option<ScheduledMessageReason> {
        self.row.reason.map(ScheduledMessageReason::from)
    }

    /// The message that it became; if there are several, the first. Null until it is sent.
    async fn message(&self) -> Result<Option<Message>> {
        let Some(id) = self.row.message_id else { return Ok(None) };
        Ok(self.view.loaders().messages().load(id).await?.map(|message| Message::new(message, &self.view)))
    }

    /// Who wrote it, and as whom it is sent. Null if they are gone.
    async fn author(&self) -> Result<Option<Agent>> {
        Ok(self.view.loaders().agents().load(self.row.agent_id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The session.
    async fn session(&self) -> Result<Session> {
        let session = self.view.loaders().sessions().load(self.row.session_id).await?;
        Ok(Session::new(session.ok_or(desk::Error::NotFound("session"))?, &self.view))
    }

    /// When it was written, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was sent, cancelled or refused, on the project's clock. Null while it waits.
    fn settled_at(&self) -> Option<DateTime> {
        self.row.settled_at.map(DateTime::from)
    }

    /// Who took it back. Null unless its state is `CANCELLED`, and if they are gone.
    async fn settled_by(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.settled_by else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// Grows with each change of the message.
    fn version(&self) -> i64 {
        self.row.version
    }
}
