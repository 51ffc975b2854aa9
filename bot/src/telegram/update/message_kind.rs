//! What a message consists of.

use crate::telegram::fields::Fields;

/// What a message consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MessageKind {
    /// Text and nothing else.
    Text,
    /// Something else, by the name of its field in the Bot API: `photo`, `voice`,
    /// `new_chat_title`, or a name that is new to us.
    Named(String),
    /// Nothing that could be named.
    Unsupported,
}

/// What a message can consist of beside a text (<https://core.telegram.org/bots/api#message>, Bot
/// API 10.3). Some come together with an older kind, for bots that do not know them, and stand
/// before it here: an animation is also a document, a live photo also a photo, a venue also a
/// location.
pub(crate) const KNOWN: [&str; 76] = [
    "animation",
    "live_photo",
    "venue",
    "audio",
    "document",
    "paid_media",
    "photo",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
    "rich_message",
    "checklist",
    "contact",
    "dice",
    "game",
    "poll",
    "location",
    "new_chat_members",
    "left_chat_member",
    "chat_owner_left",
    "chat_owner_changed",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "invoice",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "gift",
    "unique_gift",
    "gift_upgrade_sent",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "community_chat_added",
    "community_chat_removed",
    "direct_message_price_changed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway",
    "giveaway_winners",
    "giveaway_completed",
    "managed_bot_created",
    "paid_message_price_changed",
    "poll_option_added",
    "poll_option_deleted",
    "suggested_post_approved",
    "suggested_post_approval_failed",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "web_app_data",
];

/// The fields of a message that say something about it and are not what it consists of. New
/// content appears under a name of its own far more often than new bookkeeping, so a field in
/// neither list is content. A `text` is content by itself, and beside other content it says
/// something about that.
pub(crate) const BOOKKEEPING: [&str; 43] = [
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
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Text => domain::message::TEXT_KIND,
            Self::Named(name) => name,
            Self::Unsupported => "unsupported",
        }
    }

    pub(crate) fn of(message: &Fields<'_>) -> Self {
        if message.string("text").is_some() {
            return Self::Text;
        }
        let name = known_kind(message).or_else(|| message.names().find(|name| !BOOKKEEPING.contains(name)));
        match name {
            Some(name) => Self::Named(name.to_owned()),
            None => Self::Unsupported,
        }
    }
}

/// What a message, or another that it is about, consists of, if that has a name here.
pub(crate) fn known_kind(message: &Fields<'_>) -> Option<&'static str> {
    KNOWN.into_iter().find(|name| message.raw(name).is_some())
}
