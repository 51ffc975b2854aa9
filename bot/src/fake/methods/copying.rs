//! Methods that show a message once more.

use std::sync::Arc;

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::{
    super::{answer::Answer, call::Call, chat_book::ChatMessage, server::Server},
    content, recipient, sending,
};

/// Fields of a message that a copy does not have from its original.
const OWN: [&str; 12] = [
    "business_connection_id",
    "chat",
    "date",
    "direct_messages_topic",
    "edit_date",
    "from",
    "is_topic_message",
    "media_group_id",
    "message_id",
    "message_thread_id",
    "reply_markup",
    "reply_to_message",
];

/// Copies or forwards a message.
pub(super) async fn one(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let number = recipient::message_id(call)?;
    let mut fields = shown_again(call, original(server, call, number)?.as_deref());
    if call.is("copyMessage") && call.parameters.text("caption").is_some() {
        fields.extend(content::caption(&call.parameters)?);
    }
    let sent = sending::post(server, call, chat, vec![fields]).await?;
    let message = sent.into_iter().next().unwrap_or_default();
    if call.is("copyMessage") {
        return Ok(Answer::ok(&json!({ "message_id": message["message_id"] })));
    }
    Ok(Answer::ok(&message))
}

/// Copies or forwards several messages, and passes over those that are gone.
pub(super) async fn several(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let Some(Value::Array(numbers)) = call.parameters.json("message_ids") else {
        return Err(Answer::bad_request("message identifiers are not specified"));
    };
    let originals = numbers.iter().filter_map(Value::as_i64).filter_map(|number| original(server, call, number).ok());
    let contents: Vec<_> = originals.map(|original| shown_again(call, original.as_deref())).collect();
    if contents.is_empty() {
        return Err(not_found(call));
    }
    let sent = sending::post(server, call, chat, contents).await?;
    let numbers = sent.iter().map(|message| json!({ "message_id": message["message_id"] }));
    Ok(Answer::ok(&numbers.collect()))
}

/// The message to show again; empty for one that the fake does not know, which may be from before its start.
fn original(server: &Server, call: &Call, number: i64) -> Result<Option<Arc<ChatMessage>>, Answer> {
    let from = call.parameters.integer("from_chat_id");
    let from = from.map(ChatId).ok_or_else(|| Answer::bad_request("from_chat_id is empty"))?;
    match server.book.message(call.bot.id, from, number) {
        Some(message) if message.deleted => Err(not_found(call)),
        known => Ok(known),
    }
}

fn not_found(call: &Call) -> Answer {
    let verb = if call.method.to_ascii_lowercase().starts_with("copy") { "copy" } else { "forward" };
    Answer::bad_request(&format!("message to {verb} not found"))
}

fn shown_again(call: &Call, original: Option<&ChatMessage>) -> Map<String, Value> {
    let Some(Value::Object(original)) = original.map(|original| &original.json) else {
        return Map::new();
    };
    let kept = original.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
    let mut fields: Map<_, _> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    if call.method.to_ascii_lowercase().starts_with("forward") {
        let origin = json!({"type": "user", "sender_user": original.get("from"), "date": original.get("date")});
        fields.insert("forward_origin".to_owned(), origin);
    }
    fields
}
