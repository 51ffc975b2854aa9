//! Methods that take messages away.

use domain::ChatId;
use serde_json::{Value, json};

use super::{
    super::{answer::Answer, call::Call, server::Server},
    recipient, sending,
};

/// How long after it was sent a message can be deleted, in seconds.
const DELETABLE_SECONDS: i64 = 48 * 60 * 60;

/// The most messages that are deleted at once.
const MAX_MESSAGES: usize = 100;

/// Takes a message away.
pub(super) async fn one(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let number = recipient::message_id(call)?;
    let _in_order = call.bot.accepting.lock().await;
    check(server, call, chat, number)?;
    take_away(server, call, chat, number);
    Ok(Answer::ok(&json!(true)))
}

/// Takes several messages away. Telegram passes over those that it cannot delete.
pub(super) async fn several(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let numbers = numbers(call)?;
    let _in_order = call.bot.accepting.lock().await;
    for number in numbers {
        if check(server, call, chat, number).is_ok() {
            take_away(server, call, chat, number);
        }
    }
    Ok(Answer::ok(&json!(true)))
}

/// Takes messages away that belong to a business account, which is all that the call says of their chat.
pub(super) async fn of_business(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let connection = call.parameters.text("business_connection_id").unwrap_or_default();
    if connection.is_empty() || server.book.is_connection_ended(call.bot.id, &connection) {
        return Err(Answer::bad_request("BUSINESS_CONNECTION_INVALID"));
    }
    let numbers = numbers(call)?;
    let _in_order = call.bot.accepting.lock().await;
    for number in numbers {
        let Some(chat) = server.book.chat_of_business(call.bot.id, &connection, number) else {
            return Err(Answer::bad_request("message to delete not found"));
        };
        check(server, call, chat, number)?;
        take_away(server, call, chat, number);
    }
    Ok(Answer::ok(&json!(true)))
}

/// The messages that a call is about.
fn numbers(call: &Call) -> Result<Vec<i64>, Answer> {
    let numbers = match call.parameters.json("message_ids") {
        Some(Value::Array(numbers)) if !numbers.is_empty() => numbers,
        _ => return Err(Answer::bad_request("message identifiers are not specified")),
    };
    if numbers.len() > MAX_MESSAGES {
        return Err(Answer::bad_request("too many message identifiers specified"));
    }
    Ok(numbers.iter().filter_map(Value::as_i64).collect())
}

fn check(server: &Server, call: &Call, chat: ChatId, number: i64) -> Result<(), Answer> {
    let not_found = || Answer::bad_request("message to delete not found");
    let Some(message) = server.book.message(call.bot.id, chat, number) else {
        return if server.book.forgets() { Ok(()) } else { Err(not_found()) };
    };
    if message.deleted {
        return Err(not_found());
    }
    let age_seconds = (server.now)().timestamp() - message.json["date"].as_i64().unwrap_or_default();
    // In a group the bot has no rights over what others write.
    let is_others = !message.from_bot && chat.0 < 0;
    if age_seconds > DELETABLE_SECONDS || is_others {
        return Err(Answer::bad_request("message can't be deleted"));
    }
    Ok(())
}

fn take_away(server: &Server, call: &Call, chat: ChatId, number: i64) {
    server.book.change(call.bot.id, chat, number, |message| {
        message.deleted = true;
        message.pinned = false;
    });
    sending::enter(server, call, chat, number, None);
}
