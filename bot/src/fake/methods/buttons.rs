//! Buttons below messages.

use serde_json::Value;

use super::super::{answer::Answer, call::Call};

/// The most bytes that a button hands back.
const MAX_CALLBACK_BYTES: usize = 64;

/// The buttons that a call puts below its message. Keyboards that stand in place of the customer's own are none of a
/// message.
pub(super) fn of_call(call: &Call) -> Result<Option<Value>, Answer> {
    if call.parameters.text("reply_markup").is_none_or(|markup| markup.is_empty()) {
        return Ok(None);
    }
    let Some(markup @ Value::Object(_)) = call.parameters.json("reply_markup") else {
        return Err(Answer::bad_request("object expected as reply markup"));
    };
    let Some(rows) = markup["inline_keyboard"].as_array() else {
        return Ok(None);
    };
    for button in rows.iter().filter_map(Value::as_array).flatten() {
        check(button)?;
    }
    let is_empty = rows.iter().filter_map(Value::as_array).all(Vec::is_empty);
    Ok((!is_empty).then_some(markup))
}

fn check(button: &Value) -> Result<(), Answer> {
    if button["text"].as_str().is_none_or(|text| text.trim().is_empty()) {
        return Err(Answer::bad_request("text buttons are unallowed in the inline keyboard"));
    }
    match button.get("callback_data").map(Value::as_str) {
        Some(Some(data)) if (1..=MAX_CALLBACK_BYTES).contains(&data.len()) => Ok(()),
        Some(_) => Err(Answer::bad_request("BUTTON_DATA_INVALID")),
        None if button.as_object().is_some_and(|fields| fields.len() > 1) => Ok(()),
        None => Err(Answer::bad_request("text buttons are unallowed in the inline keyboard")),
    }
}
