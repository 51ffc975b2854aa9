//! Reading an update: what it is, which conversation it belongs to, and what was written.

mod chat;
mod kinds;
mod message;
mod message_kind;
mod routing;
mod sender;

pub use chat::{Chat, ChatKind};
pub use kinds::KINDS;
pub use message::InboundMessage;
pub use message_kind::MessageKind;
pub use routing::RoutingKey;
pub use sender::Sender;

use domain::{ChatId, TelegramUserId};

use super::{DecodeError, fields::Fields};

/// The kind of an update that says nothing at all.
const NO_KIND: &str = "none";

/// One update, as far as it is understood. The raw text is kept beside it, for what is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The number that Telegram gave the update.
    pub update_id: i64,
    /// The kind, as the Bot API names it: `message`, `callback_query`, or a name that is new.
    pub kind: String,
    /// The chat it happened in, if it happened in one.
    pub chat_id: Option<ChatId>,
    /// The user who did it, if one did.
    pub user_id: Option<TelegramUserId>,
    /// The conversation it must be kept in order with.
    pub routing_key: RoutingKey,
    /// What it says.
    pub content: Content,
}

/// What an update says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Somebody wrote to the bot.
    Message(Box<InboundMessage>),
    /// Somebody changed what they wrote. It may come before the original.
    EditedMessage(Box<InboundMessage>),
    /// Anything else, and a message without what makes it one (a chat, a number, a date).
    Other,
}

impl Update {
    /// Reads an update from its raw text.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] only when the text is not a JSON object with an `update_id`. Whatever
    /// else is missing, new or of the wrong type makes the reading poorer and not impossible.
    pub fn decode(raw: &str) -> Result<Self, DecodeError> {
        let fields = Fields::parse(raw).ok_or(DecodeError::NotAnObject)?;
        let update_id = fields.integer("update_id").ok_or(DecodeError::NoUpdateId)?;
        let kind = kinds::kind_of(&fields).unwrap_or(NO_KIND).to_owned();
        let body = fields.object(&kind).unwrap_or_default();
        let chat_id = routing::chat_of(&body);
        let content = match kind.as_str() {
            "message" => InboundMessage::read(&body).map(Box::new).map(Content::Message),
            "edited_message" => InboundMessage::read(&body).map(Box::new).map(Content::EditedMessage),
            _ => None,
        };
        Ok(Self {
            update_id,
            kind,
            chat_id,
            user_id: routing::user_of(&body),
            routing_key: RoutingKey::of(chat_id, &body),
            content: content.unwrap_or(Content::Other),
        })
    }
}

#[cfg(test)]
mod tests;
