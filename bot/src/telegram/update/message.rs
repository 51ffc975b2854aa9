//! A message to the bot.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{Chat, MessageKind, Sender};
use crate::telegram::{RawJson, fields::Fields};

/// A message that somebody wrote to the bot, or its new version.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundMessage {
    /// Where it was written.
    pub chat: Chat,
    /// Its number within the chat.
    pub message_id: i64,
    /// Who wrote it; absent in channels.
    pub sender: Option<Sender>,
    /// When it was sent, to the second.
    pub sent_at: DateTime<Utc>,
    /// When it was last changed, to the second.
    pub edited_at: Option<DateTime<Utc>>,
    /// The text, or the caption of what is not a text.
    pub text: Option<String>,
    /// The formatting of `text`: the Bot API's array of `MessageEntity`.
    pub entities: Option<RawJson>,
    /// The message it answers, in the same chat.
    pub reply_to_message_id: Option<i64>,
    /// What it consists of.
    pub kind: MessageKind,
}

impl InboundMessage {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let (text, entities) = match fields.string("text") {
            Some(text) => (Some(text), fields.raw("entities")),
            None => (fields.string("caption"), fields.raw("caption_entities")),
        };
        Some(Self {
            chat: Chat::read(&fields.object("chat")?)?,
            message_id: fields.integer("message_id")?,
            sender: fields.object("from").and_then(|from| Sender::read(&from)),
            sent_at: moment(fields, "date")?,
            edited_at: moment(fields, "edit_date"),
            entities: entities.filter(|_| text.is_some()).map(RawJson::from),
            text,
            reply_to_message_id: fields.object("reply_to_message").and_then(|original| original.integer("message_id")),
            kind: MessageKind::of(fields),
        })
    }
}

/// A field in Unix time.
fn moment(fields: &Fields<'_>, name: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(fields.integer(name)?, 0)
}

impl fmt::Debug for InboundMessage {
    /// Leaves out what was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundMessage")
            .field("chat", &self.chat)
            .field("message_id", &self.message_id)
            .field("sender", &self.sender)
            .field("sent_at", &self.sent_at)
            .field("edited_at", &self.edited_at)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
