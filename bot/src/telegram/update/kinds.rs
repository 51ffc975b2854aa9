//! The kinds of updates.

use crate::telegram::fields::Fields;

/// Every kind of update that Telegram has, as of Bot API 10.3
/// (<https://core.telegram.org/bots/api#update>). Some are only delivered when asked for by
/// name. A Bot API server ignores the
/// names that it does not know.
pub const KINDS: [&str; 27] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
];

/// The kind: the name of the one field beside the number. A known name goes before a new one.
pub(super) fn kind_of<'f>(fields: &'f Fields<'_>) -> Option<&'f str> {
    let names = || fields.names().filter(|name| *name != "update_id");
    names().find(|name| KINDS.contains(name)).or_else(|| names().next())
}
