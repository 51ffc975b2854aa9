//! Whom a call is for.

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::super::{answer::Answer, call::Call, server::Server};

/// The chat of the call, if it takes messages from the bot.
pub(super) async fn of_call(server: &Server, call: &Call) -> Result<ChatId, Answer> {
    if call.parameters.text("chat_id").is_none_or(|id| id.is_empty()) {
        return Err(Answer::bad_request("chat_id is empty"));
    }
    // Names of public chats are not simulated, so nobody has one.
    let chat = call.parameters.chat_id().ok_or_else(|| Answer::bad_request("chat not found"))?;
    let connection = call.parameters.text("business_connection_id").unwrap_or_default();
    if server.book.is_connection_ended(call.bot.id, &connection) {
        return Err(Answer::bad_request("BUSINESS_CONNECTION_INVALID"));
    }
    if let Some(refusal) = server.chats.get(call.bot.id, chat).refusal() {
        return Err(refusal);
    }
    match server.circumstances.chat_state(call.bot.id, chat).await?.refusal() {
        Some(refusal) => Err(refusal),
        None => Ok(chat),
    }
}

/// The fields of a message that say where in the chat it stands.
pub(super) fn place(call: &Call) -> Map<String, Value> {
    let mut fields = Map::new();
    if let Some(connection) = call.parameters.text("business_connection_id") {
        fields.insert("business_connection_id".to_owned(), json!(connection));
    }
    if let Some(topic) = call.parameters.integer("message_thread_id") {
        fields.insert("message_thread_id".to_owned(), json!(topic));
        fields.insert("is_topic_message".to_owned(), json!(true));
    }
    if let Some(topic) = call.parameters.integer("direct_messages_topic_id") {
        fields.insert("direct_messages_topic".to_owned(), json!({ "topic_id": topic }));
    }
    fields
}

/// The message of the chat that a call is about.
pub(super) fn message_id(call: &Call) -> Result<i64, Answer> {
    call.parameters.integer("message_id").ok_or_else(|| Answer::bad_request("message identifier is not specified"))
}
