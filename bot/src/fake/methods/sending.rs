//! Methods that put a message into a chat.

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::{
    super::{LedgerEntry, answer::Answer, call::Call, chat_book::ChatMessage, server::Server},
    buttons, content, recipient,
};

/// Makes a message.
pub(super) async fn send(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let fields = content::of_call(server, call)?;
    let sent = post(server, call, chat, vec![fields]).await?;
    Ok(Answer::ok(&sent.into_iter().next().unwrap_or_default()))
}

/// Puts messages with these fields into the chat, under numbers that follow each other, and enters the call in the
/// ledger. Answers the messages as the bot gets to see them.
pub(super) async fn post(
    server: &Server,
    call: &Call,
    chat: ChatId,
    contents: Vec<Map<String, Value>>,
) -> Result<Vec<Value>, Answer> {
    let bot = &call.bot;
    let mut common = recipient::place(call);
    if let Some(markup) = buttons::of_call(call)? {
        common.insert("reply_markup".to_owned(), markup);
    }
    if let Some(answered) = answered_message(server, call, chat)? {
        common.insert("reply_to_message".to_owned(), answered);
    }
    server.limiter.charge(bot.id, chat, contents.len(), call.received_at)?;

    let _in_order = bot.accepting.lock().await;
    let text = contents.iter().find_map(shown_text);
    let mut messages = Vec::with_capacity(contents.len());
    for fields in contents {
        let number = server.next_message_id(bot.id, chat).await?;
        let mut message = message(server, call, chat, number);
        message.extend(common.clone());
        message.extend(fields);
        messages.push((number, Value::Object(message)));
    }
    for (number, message) in &messages {
        server.book.write(bot.id, chat, ChatMessage::new(*number, true, message.clone()));
    }
    let first = messages.first().map_or(0, |(number, _)| *number);
    enter(server, call, chat, first, text);
    Ok(messages.into_iter().map(|(_, message)| message).collect())
}

/// A message of the bot, without what it says.
pub(super) fn message(server: &Server, call: &Call, chat: ChatId, number: i64) -> Map<String, Value> {
    Map::from_iter([
        ("message_id".to_owned(), json!(number)),
        ("from".to_owned(), call.bot.user()),
        ("chat".to_owned(), server.book.profile(call.bot.id, chat)),
        ("date".to_owned(), json!((server.now)().timestamp())),
    ])
}

/// Enters a call in the ledger.
pub(super) fn enter(server: &Server, call: &Call, chat: ChatId, message_id: i64, text: Option<String>) {
    server.ledger.accept(LedgerEntry {
        bot: call.bot.id,
        method: call.method.clone(),
        chat_id: chat,
        text,
        payload: call.parameters.to_json(),
        message_id,
        received_at: call.received_at,
    });
}

/// The text or caption of a message.
pub(super) fn shown_text(fields: &Map<String, Value>) -> Option<String> {
    let text = fields.get("text").or_else(|| fields.get("caption"))?;
    text.as_str().map(str::to_owned)
}

/// The message that the call answers.
fn answered_message(server: &Server, call: &Call, chat: ChatId) -> Result<Option<Value>, Answer> {
    let Some(reply) = call.parameters.json("reply_parameters") else {
        return Ok(None);
    };
    let Some(number) = reply["message_id"].as_i64() else {
        return Err(Answer::bad_request("message to be replied not specified"));
    };
    let of_chat = reply["chat_id"].as_i64().map_or(chat, ChatId);
    let known = server.book.message(call.bot.id, of_chat, number);
    let is_gone = known.as_ref().map_or(!server.book.forgets(), |message| message.deleted);
    if is_gone {
        let may_go_without = reply["allow_sending_without_reply"] == true;
        return if may_go_without { Ok(None) } else { Err(Answer::bad_request("message to be replied not found")) };
    }
    let Some(known) = known else {
        return Ok(Some(json!({ "message_id": number })));
    };
    let quote = reply["quote"].as_str().unwrap_or_default();
    if !known.text().unwrap_or_default().contains(quote) {
        return Err(Answer::bad_request("QUOTE_TEXT_INVALID"));
    }
    // Telegram shows one message deep.
    let mut shown = known.json.clone();
    if let Value::Object(shown) = &mut shown {
        shown.remove("reply_to_message");
    }
    Ok(Some(shown))
}
