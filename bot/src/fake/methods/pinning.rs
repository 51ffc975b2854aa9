//! Methods that pin messages and take pins away.

use domain::ChatId;
use serde_json::json;

use super::{
    super::{answer::Answer, call::Call, server::Server},
    recipient, sending,
};

/// Pins a message.
pub(super) async fn pin(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let number = recipient::message_id(call)?;
    check(server, call, chat, number, "pin")?;
    set(server, call, chat, number, true).await
}

/// Takes the pin of a message away, or that of the newest if none is named.
pub(super) async fn unpin(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let number = match call.parameters.integer("message_id") {
        Some(number) => number,
        None => *pinned(server, call, chat).last().ok_or_else(|| not_found("unpin"))?,
    };
    check(server, call, chat, number, "unpin")?;
    set(server, call, chat, number, false).await
}

/// Takes every pin of a chat away.
pub(super) async fn unpin_all(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    for number in pinned(server, call, chat) {
        server.book.change(call.bot.id, chat, number, |message| message.pinned = false);
    }
    sending::enter(server, call, chat, 0, None);
    Ok(Answer::ok(&json!(true)))
}

async fn set(server: &Server, call: &Call, chat: ChatId, number: i64, pinned: bool) -> Result<Answer, Answer> {
    let _in_order = call.bot.accepting.lock().await;
    server.book.change(call.bot.id, chat, number, |message| message.pinned = pinned);
    sending::enter(server, call, chat, number, None);
    Ok(Answer::ok(&json!(true)))
}

fn check(server: &Server, call: &Call, chat: ChatId, number: i64, verb: &str) -> Result<(), Answer> {
    match server.book.message(call.bot.id, chat, number) {
        Some(message) if !message.deleted => Ok(()),
        None if server.book.forgets() => Ok(()),
        _ => Err(not_found(verb)),
    }
}

fn not_found(verb: &str) -> Answer {
    Answer::bad_request(&format!("message to {verb} not found"))
}

fn pinned(server: &Server, call: &Call, chat: ChatId) -> Vec<i64> {
    let messages = server.book.chat(call.bot.id, chat);
    messages.iter().filter(|message| message.pinned).map(|message| message.message_id).collect()
}
