//! Methods that change a message or take it away.

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::{
    super::{LedgerEntry, answer::Answer, call::Call, ledger::SentMessage, server::Server},
    content, sending,
};

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply \
                            markup are exactly the same as a current content and reply markup \
                            of the message";

/// Changes a message. One that the ledger does not know counts as there: it may have been sent
/// before the fake was started.
pub(super) async fn edit(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let new_text = if call.is("editMessageText") {
        Some(content::text(&call.parameters)?)
    } else {
        call.parameters.text("caption")
    };
    let chat = sending::open_chat(server, call)?;
    let message_id = message_id(call)?;
    let _in_order = call.bot.accepting.lock().await;
    let before = server.ledger.read(|ledger| ledger.sent_message(call.bot.id, chat, message_id));
    let text = match before {
        Some(SentMessage::Deleted) => {
            return Err(Answer::bad_request("message to edit not found"));
        }
        Some(SentMessage::Shown { text, reply_markup }) => {
            let new_text = new_text.or_else(|| text.clone());
            let new_markup = call.parameters.to_json().get("reply_markup").cloned();
            if new_text == text && new_markup == reply_markup {
                return Err(Answer::bad_request(NOT_MODIFIED));
            }
            new_text
        }
        None => new_text,
    };
    record(server, call, chat, message_id, text.clone());
    let mut fields = Map::new();
    fields.insert("edit_date".to_owned(), json!((server.now)().timestamp()));
    fields.insert("text".to_owned(), json!(text));
    let result = sending::message(server, call, chat, message_id, fields);
    Ok(Answer::ok(&result))
}

/// Takes a message away.
pub(super) async fn delete(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = sending::open_chat(server, call)?;
    let message_id = message_id(call)?;
    let _in_order = call.bot.accepting.lock().await;
    let before = server.ledger.read(|ledger| ledger.sent_message(call.bot.id, chat, message_id));
    if before == Some(SentMessage::Deleted) {
        return Err(Answer::bad_request("message to delete not found"));
    }
    record(server, call, chat, message_id, None);
    Ok(Answer::ok(&json!(true)))
}

/// Takes several messages away. Telegram passes over those that are gone already.
pub(super) async fn delete_several(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = sending::open_chat(server, call)?;
    let Some(Value::Array(message_ids)) = call.parameters.json("message_ids") else {
        return Err(Answer::bad_request("message identifiers are not specified"));
    };
    let _in_order = call.bot.accepting.lock().await;
    for message_id in message_ids.iter().filter_map(Value::as_i64) {
        record(server, call, chat, message_id, None);
    }
    Ok(Answer::ok(&json!(true)))
}

/// Pins a message, or takes the pin away.
pub(super) async fn pin(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = sending::open_chat(server, call)?;
    let message_id = message_id(call)?;
    let _in_order = call.bot.accepting.lock().await;
    record(server, call, chat, message_id, None);
    Ok(Answer::ok(&json!(true)))
}

fn message_id(call: &Call) -> Result<i64, Answer> {
    call.parameters.integer("message_id").ok_or_else(|| Answer::bad_request("message identifier is not specified"))
}

fn record(server: &Server, call: &Call, chat: ChatId, message_id: i64, text: Option<String>) {
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
