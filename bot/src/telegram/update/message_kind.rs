//! What a message consists of.

use crate::telegram::fields::Fields;

/// What a message consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageKind {
    /// Text and nothing else.
    Text,
    /// Something else, by the name of its field in the Bot API: `photo`, `voice`,
    /// `new_chat_title`, or a name that is new to us.
    Named(String),
    /// Nothing that could be named.
    Unsupported,
}

/// Kinds that Telegram sends together with an older kind, for bots that do not know them: an
/// animation is also a document, a live photo also a photo, a venue also a location.
const MORE_PRECISE: [&str; 3] = ["animation", "live_photo", "venue"];

/// The fields of a message that say something about it and are not what it consists of
/// (<https://core.telegram.org/bots/api#message>, Bot API 10.3). New content appears under a
/// name of its own far more often than new bookkeeping, so this is the list that is kept. A
/// `text` is content by itself, and beside other content it says something about that.
const BOOKKEEPING: [&str; 43] = [
    "message_id",
    "message_thread_id",
    "direct_messages_topic",
    "from",
    "sender_chat",
    "sender_boost_count",
    "sender_business_bot",
    "sender_tag",
    "receiver_user",
    "ephemeral_message_id",
    "date",
    "guest_query_id",
    "business_connection_id",
    "chat",
    "forward_origin",
    "is_topic_message",
    "is_automatic_forward",
    "reply_to_message",
    "external_reply",
    "quote",
    "reply_to_story",
    "reply_to_checklist_task_id",
    "reply_to_poll_option_id",
    "via_bot",
    "guest_bot_caller_user",
    "guest_bot_caller_chat",
    "edit_date",
    "has_protected_content",
    "is_from_offline",
    "is_paid_post",
    "media_group_id",
    "author_signature",
    "paid_star_count",
    "text",
    "entities",
    "link_preview_options",
    "suggested_post_info",
    "effect_id",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
    "reply_markup",
];

impl MessageKind {
    /// The name to store: `text`, the name of the field, or `unsupported`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text => domain::message::TEXT_KIND,
            Self::Named(name) => name,
            Self::Unsupported => "unsupported",
        }
    }

    pub(super) fn of(message: &Fields<'_>) -> Self {
        if message.string("text").is_some() {
            return Self::Text;
        }
        let precise = MORE_PRECISE.into_iter().find(|name| message.raw(name).is_some());
        let name = precise.or_else(|| message.names().find(|name| !BOOKKEEPING.contains(name)));
        match name {
            Some(name) => Self::Named(name.to_owned()),
            None => Self::Unsupported,
        }
    }
}
