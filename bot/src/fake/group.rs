//! Updates about who is where: blocks, and groups that change their number.

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::{Customer, chat_book::chat_type, server::Server};
use crate::telegram::BotId;

/// The update by which a bot learns that a customer has blocked it or lets it in again.
pub(super) fn block_update(server: &Server, bot: BotId, customer: &Customer, blocks: bool) -> Value {
    let status = if blocks { "kicked" } else { "member" };
    blocking(customer, bot.0, (server.now)().timestamp(), status)
}

/// A change of what the bot is in the private chat with a customer.
pub(crate) fn blocking(customer: &Customer, bot: i64, unix_seconds: i64, status: &str) -> Value {
    let before = if status == "kicked" { "member" } else { "kicked" };
    let member = |status: &str| {
        let mut member = json!({"user": {"id": bot, "is_bot": true, "first_name": format!("Bot {bot}")}});
        member["status"] = json!(status);
        if status == "kicked" {
            member["until_date"] = json!(0);
        }
        member
    };
    json!({"my_chat_member": {
        "chat": customer.to_chat(),
        "from": customer.to_user(),
        "date": unix_seconds,
        "old_chat_member": member(before),
        "new_chat_member": member(status),
    }})
}

/// What the two chats of a migration are told, each its own.
pub(super) fn migration_notices(from: ChatId, to: ChatId) -> [(ChatId, Map<String, Value>); 2] {
    [
        (from, Map::from_iter([("migrate_to_chat_id".to_owned(), json!(to.0))])),
        (to, Map::from_iter([("migrate_from_chat_id".to_owned(), json!(from.0))])),
    ]
}

/// A message that Telegram itself puts into a group.
pub(super) fn service_message(
    server: &Server,
    chat: ChatId,
    title: &str,
    message_id: i64,
    fields: Map<String, Value>,
) -> Value {
    let mut message = json!({
        "message_id": message_id,
        "from": {"id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"},
        "chat": {"id": chat.0, "type": chat_type(chat), "title": title},
        "date": (server.now)().timestamp(),
    });
    if let Value::Object(message) = &mut message {
        message.extend(fields);
    }
    json!({ "message": message })
}
