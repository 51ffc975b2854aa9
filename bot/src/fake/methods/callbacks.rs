//! `answerCallbackQuery`.

use serde_json::json;

use super::{
    super::{answer::Answer, call::Call, server::Server},
    sending,
};

/// The longest text that is shown to who tapped, in UTF-16 code units.
const MAX_TEXT_UTF16_UNITS: usize = 200;

/// Answers a tap on a button, once.
pub(super) async fn answer(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let text = call.parameters.text("text");
    if text.as_deref().is_some_and(|text| text.encode_utf16().count() > MAX_TEXT_UTF16_UNITS) {
        return Err(Answer::bad_request("MESSAGE_TOO_LONG"));
    }
    let id = call.parameters.text("callback_query_id").unwrap_or_default();
    let _in_order = call.bot.accepting.lock().await;
    let Some(query) = server.book.close_query(call.bot.id, &id) else {
        return Err(Answer::bad_request("query is too old and response timeout expired or query ID is invalid"));
    };
    sending::enter(server, call, query.chat, query.message_id, text);
    Ok(Answer::ok(&json!(true)))
}
