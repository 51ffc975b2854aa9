//! What the store takes in about messages, beside the entity of the domain.

use domain::message::Content;
use domain::{AgentId, ChatId, CustomerId, DeliveryState, Direction, MessageId, ProjectId, SessionId, Time};

/// A message to be added.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The project.
    pub project_id: ProjectId,
    /// The session.
    pub session_id: SessionId,
    /// The customer of the session.
    pub customer_id: CustomerId,
    /// The Telegram chat.
    pub chat_id: ChatId,
    /// Which way it goes.
    pub direction: Direction,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The text or caption.
    pub text: String,
    /// The formatting, as JSON.
    pub entities: Option<String>,
    /// What it holds beside the text.
    pub content: Content,
    /// What the items of its album have in common.
    pub album_id: Option<String>,
    /// The agent who wrote it.
    pub author_id: Option<AgentId>,
    /// The message it answers.
    pub reply_to_id: Option<MessageId>,
    /// The number in Telegram, for inbound messages.
    pub telegram_message_id: Option<i64>,
    /// The state of the delivery, for outbound messages.
    pub delivery: Option<DeliveryState>,
    /// The present time on the project's clock.
    pub created_at: Time,
}

/// What a message says since its author changed it.
#[derive(Debug, Clone, Copy)]
pub struct Rewording<'a> {
    /// The kind as the Bot API names it.
    pub kind: &'a str,
    /// The text or caption.
    pub text: &'a str,
    /// The formatting, as JSON.
    pub entities: Option<&'a str>,
    /// What it holds beside the text.
    pub content: &'a Content,
    /// The present time on the project's clock.
    pub edited_at: Time,
    /// When it was changed, by Telegram's clock.
    pub worded_at: Option<Time>,
}
