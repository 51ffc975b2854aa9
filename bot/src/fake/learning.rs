//! What the fake learns from the updates that it has for a bot: who wrote what, what was tapped, who blocked it.

use domain::ChatId;
use serde_json::Value;

use super::{
    ChatState,
    chat_book::{ChatMessage, Query},
    server::Server,
};
use crate::telegram::BotId;

/// The fields of an update that hold a new message.
const NEW: [&str; 4] = ["message", "channel_post", "business_message", "guest_message"];

/// The fields of an update that hold a message that was changed.
const EDITED: [&str; 3] = ["edited_message", "edited_channel_post", "edited_business_message"];

/// Learns from one update. The same update again changes nothing.
pub(super) fn learn(server: &Server, bot: BotId, update: &str) {
    // What is no JSON is for tests of the other side; there is nothing to learn from it.
    let Ok(update) = serde_json::from_str::<Value>(update) else {
        return;
    };
    if let Some(message) = NEW.iter().find_map(|kind| update.get(kind)) {
        learn_message(server, bot, message, false);
    } else if let Some(message) = EDITED.iter().find_map(|kind| update.get(kind)) {
        learn_message(server, bot, message, true);
    } else if let Some(query) = update.get("callback_query") {
        learn_query(server, bot, query);
    } else if let Some(change) = update.get("my_chat_member") {
        learn_membership(server, bot, change);
    } else if let Some(connection) = update.get("business_connection") {
        if let (Some(id), Some(is_enabled)) = (connection["id"].as_str(), connection["is_enabled"].as_bool()) {
            server.book.set_connection(bot, id, is_enabled);
        }
    } else if let Some(deleted) = update.get("deleted_business_messages") {
        let chat = chat_of(deleted);
        for number in deleted["message_ids"].as_array().into_iter().flatten().filter_map(Value::as_i64) {
            server.book.change(bot, chat, number, |message| message.deleted = true);
        }
    }
}

fn learn_message(server: &Server, bot: BotId, message: &Value, is_edit: bool) {
    let Some(number) = message["message_id"].as_i64() else {
        return;
    };
    let chat = chat_of(message);
    if let Some(profile) = message.get("chat") {
        server.book.know(bot, chat, profile.clone());
    }
    let edited_at = |json: &Value| json["edit_date"].as_i64();
    match server.book.message(bot, chat, number) {
        None => server.book.write(bot, chat, ChatMessage::new(number, false, message.clone())),
        Some(before) if is_edit && edited_at(&before.json) <= edited_at(message) => {
            server.book.change(bot, chat, number, |known| known.json = message.clone());
        }
        Some(_) => {}
    }
}

fn learn_query(server: &Server, bot: BotId, query: &Value) {
    let Some(id) = query["id"].as_str() else {
        return;
    };
    let user = ChatId(query["from"]["id"].as_i64().unwrap_or_default());
    let chat = if query["message"].is_object() { chat_of(&query["message"]) } else { user };
    let message_id = query["message"]["message_id"].as_i64().unwrap_or_default();
    server.book.open_query(bot, id.to_owned(), Query { chat, message_id });
}

fn learn_membership(server: &Server, bot: BotId, change: &Value) {
    let chat = chat_of(change);
    server.book.know(bot, chat, change["chat"].clone());
    let is_private = change["chat"]["type"] == "private";
    let state = match change["new_chat_member"]["status"].as_str() {
        Some("kicked") if is_private => ChatState::BlockedByUser,
        Some("kicked" | "left") => ChatState::Kicked,
        Some(_) => ChatState::Open,
        None => return,
    };
    server.chats.set_as_told(bot, chat, state, change["date"].as_i64().unwrap_or_default());
}

fn chat_of(value: &Value) -> ChatId {
    ChatId(value["chat"]["id"].as_i64().unwrap_or_default())
}
