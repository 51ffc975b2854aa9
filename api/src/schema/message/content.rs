//! What a message holds beside its text, its file and the details of its kind.

use async_graphql::SimpleObject;

use super::entity::MessageEntity;
use crate::schema::scalar::DateTime;

/// Where a forwarded message came from.
#[derive(SimpleObject)]
pub(crate) struct MessageForward {
    /// The name of the person, group or channel, as far as Telegram tells it.
    from: String,
    /// When the message was first sent, by Telegram's clock.
    sent_at: DateTime,
}

impl From<domain::message::Forward> for MessageForward {
    fn from(forward: domain::message::Forward) -> Self {
        Self { from: forward.from, sent_at: forward.sent_at.into() }
    }
}

/// The part of an answered message that the answer quotes.
#[derive(SimpleObject)]
pub(crate) struct MessageQuote {
    /// The quoted text.
    text: String,
    /// The formatting of the quoted text, in the order of the text.
    entities: Vec<MessageEntity>,
}

impl From<domain::message::Quote> for MessageQuote {
    fn from(quote: domain::message::Quote) -> Self {
        let entities = quote.entities.as_deref().map_or_else(Vec::new, MessageEntity::read_all);
        Self { text: quote.text, entities }
    }
}

/// Who wrote a message in a chat of several people.
#[derive(SimpleObject)]
pub(crate) struct MessageWriter {
    /// The number in Telegram, in decimal digits: of the user or, for those who write in its name, of the chat.
    telegram_id: String,
    /// The name.
    name: String,
    /// The Telegram user name without `@`. Null if there is none.
    username: Option<String>,
}

impl From<domain::message::Writer> for MessageWriter {
    fn from(writer: domain::message::Writer) -> Self {
        Self { telegram_id: writer.telegram_id.to_string(), name: writer.name, username: writer.username }
    }
}

/// A button under a message.
#[derive(SimpleObject)]
pub(crate) struct MessageButton {
    /// What the button says.
    text: String,
    /// The page that the button opens. Null for one whose tap the desk is told of.
    url: Option<String>,
}

impl From<domain::message::Button> for MessageButton {
    fn from(button: domain::message::Button) -> Self {
        Self { text: button.text, url: button.url }
    }
}

/// What others think of a message.
#[derive(SimpleObject)]
pub(crate) struct MessageReaction {
    /// The emoji; `custom:` and a number for a custom one; `paid` for a paid star.
    emoji: String,
    /// How many think so.
    count: i64,
    /// The numbers of those users in Telegram, in decimal digits. Empty where Telegram tells only how many they are.
    telegram_user_ids: Vec<String>,
}

impl From<domain::message::Reaction> for MessageReaction {
    fn from(reaction: domain::message::Reaction) -> Self {
        let telegram_user_ids = reaction.by.iter().map(|user| user.0.to_string()).collect();
        Self { emoji: reaction.emoji, count: reaction.count, telegram_user_ids }
    }
}
