//! Messages: the items of a session.

mod button_action;
mod change;
mod content;
pub mod details;
mod keyboard;
mod media;
mod sendable;

pub use button_action::ButtonAction;
pub use change::{Change, ChangeKind, ChangeState, Wording};
pub use content::{Button, Content, Forward, Quote, Reaction, Thread, Writer};
pub use details::Details;
pub use keyboard::{ButtonRefusal, KEYBOARD_ROWS, ROW_BUTTONS, check_buttons};
pub use media::{Media, MediaKind};
pub use sendable::{ALBUM_ITEMS, MediaRefusal, caption_limit, check_media, check_size};

use crate::{AgentId, ChatId, CustomerId, Delivery, MessageId, ProjectId, SessionId, Time, named_enum};

named_enum! {
    /// Which way a message went.
    pub enum Direction {
        /// From the customer to the desk.
        Inbound = "INBOUND",
        /// From the desk to the customer.
        Outbound = "OUTBOUND",
    }
}

/// The kind of a message whose whole content is its text.
pub const TEXT_KIND: &str = "text";

/// One item of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The identifier. Within a session it grows with the order of the messages.
    pub id: MessageId,
    /// The project of the session.
    pub project_id: ProjectId,
    /// The session it belongs to.
    pub session_id: SessionId,
    /// The customer of the session.
    pub customer_id: CustomerId,
    /// The Telegram chat it was written in.
    pub chat_id: ChatId,
    /// Which way it went.
    pub direction: Direction,
    /// The kind as the Bot API names it: `text`, `photo`, `sticker` and so on.
    pub kind: String,
    /// The text or the caption. Empty when the message has neither.
    pub text: String,
    /// The formatting of the text: the Bot API's array of `MessageEntity`, as JSON.
    pub entities: Option<String>,
    /// What it holds beside the text.
    pub content: Content,
    /// What the items of one album have in common.
    pub album_id: Option<String>,
    /// The agent who wrote it; empty for customers and for the desk itself.
    pub author_id: Option<AgentId>,
    /// The message it answers, if the desk knows it.
    pub reply_to_id: Option<MessageId>,
    /// The number Telegram gave it within the chat.
    pub telegram_message_id: Option<i64>,
    /// The delivery; empty for inbound messages.
    pub delivery: Option<Delivery>,
    /// When the desk took it in.
    pub created_at: Time,
    /// When its text last changed.
    pub edited_at: Option<Time>,
    /// Since when it has been pinned; empty for one that is not.
    pub pinned_at: Option<Time>,
    /// When it was deleted in the chat. Its content is kept, until the customer is erased.
    pub deleted_at: Option<Time>,
    /// What was last asked for of it since it was sent, each kind once.
    pub changes: Vec<Change>,
}
