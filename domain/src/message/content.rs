//! What a message holds beside its text.

use serde::{Deserialize, Serialize};

use super::Media;
use super::details::Details;
use crate::{TelegramUserId, Time};

/// What a message holds beside its text and the formatting of that. Most messages hold nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// What the kind of the message says beside text and file: a place, a contact, a poll and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
    /// Where it was forwarded from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forward: Option<Forward>,
    /// The part of the answered message that is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// Who wrote it, where several people write in one chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writer: Option<Writer>,
    /// The conversation within the chat that it belongs to.
    #[serde(skip_serializing_if = "Thread::is_main")]
    pub thread: Thread,
    /// The buttons under it, row by row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// What others think of it now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

impl Content {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a forwarded message came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The name of the person, group or channel, as far as Telegram tells it.
    pub from: String,
    /// When it was first sent.
    pub sent_at: Time,
}

/// A quotation of the answered message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The quoted text.
    pub text: String,
    /// The formatting, as the Bot API's array of `MessageEntity`, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<String>,
}

/// Who wrote a message in a chat of several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// The number in Telegram, of the user or, for those who write in its name, of the chat.
    pub telegram_id: i64,
    /// The name.
    pub name: String,
    /// The user name without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// A conversation within a chat: the numbers by which an answer finds its way to where the message was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Thread {
    /// The business account in whose name the bot writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_connection_id: Option<String>,
    /// The topic of a forum, or of a private chat with topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_thread_id: Option<i64>,
    /// The topic of the direct messages of a channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_messages_topic_id: Option<i64>,
}

impl Thread {
    /// Whether it is the chat itself.
    pub fn is_main(&self) -> bool {
        *self == Self::default()
    }

    /// The business account whose own numbers the messages have; empty for the bot's.
    pub fn connection(&self) -> &str {
        self.business_connection_id.as_deref().unwrap_or_default()
    }
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What it says.
    pub text: String,
    /// The page that it opens; empty for one whose tap the desk is told of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What Telegram hands back at a tap (`callback_data`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_data: Option<String>,
}

/// What somebody thinks of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji, or `custom:` and the number of a custom one, or `paid`.
    pub emoji: String,
    /// How many think so.
    pub count: i64,
    /// Who; empty where Telegram tells the number alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<TelegramUserId>,
}
