//! What a send puts into a chat.

use serde_json::{Map, Value, json};

use super::super::{answer::Answer, parameters::Parameters};

/// The longest text, in UTF-16 code units. Telegram counts after parsing; the fake parses
/// nothing, so it counts what is sent, which is the same without a parse mode.
const MAX_TEXT_UTF16_UNITS: usize = 4096;

/// The longest caption, in UTF-16 code units.
const MAX_CAPTION_UTF16_UNITS: usize = 1024;

/// The kinds of content that are files, and are named by a `file_id`.
const FILES: [&str; 8] = ["animation", "audio", "document", "photo", "sticker", "video", "video_note", "voice"];

/// The kinds of content whose names cannot be told from the method, which has no underscores.
const IN_TWO_WORDS: [&str; 4] = ["live_photo", "paid_media", "rich_message", "video_note"];

/// Parameters that say how a message is sent and not what it consists of.
const ROUTING: [&str; 16] = [
    "allow_paid_broadcast",
    "business_connection_id",
    "caption",
    "caption_entities",
    "chat_id",
    "direct_messages_topic_id",
    "disable_notification",
    "entities",
    "from_chat_id",
    "link_preview_options",
    "message_effect_id",
    "message_thread_id",
    "parse_mode",
    "protect_content",
    "reply_markup",
    "reply_parameters",
];

/// The fields that a call gives the message that it makes.
pub(super) fn of_call(method: &str, parameters: &Parameters) -> Result<Map<String, Value>, Answer> {
    let method = method.to_ascii_lowercase();
    let Some(name) = method.strip_prefix("send") else {
        // A copy or a forward shows a message that the fake may not know any more.
        return Ok(Map::new());
    };
    let in_two_words = IN_TWO_WORDS.into_iter().find(|kind| kind.replace('_', "") == name);
    let name = in_two_words.unwrap_or(name);
    let mut fields = Map::new();
    if name == "message" {
        fields.insert("text".to_owned(), json!(text(parameters)?));
        copy(parameters, "entities", &mut fields);
        return Ok(fields);
    }
    if let Some(caption) = caption(parameters)? {
        fields.insert("caption".to_owned(), json!(caption));
        copy(parameters, "caption_entities", &mut fields);
    }
    let content =
        if FILES.contains(&name) { file(name, parameters)? } else { Value::Object(parameters.without(&ROUTING)) };
    fields.insert(name.to_owned(), content);
    Ok(fields)
}

/// The text of a message, if it is one that Telegram takes.
pub(super) fn text(parameters: &Parameters) -> Result<String, Answer> {
    let text = parameters.text("text").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Answer::bad_request("message text is empty"));
    }
    if text.encode_utf16().count() > MAX_TEXT_UTF16_UNITS {
        return Err(Answer::bad_request("message is too long"));
    }
    Ok(text)
}

fn caption(parameters: &Parameters) -> Result<Option<String>, Answer> {
    let caption = parameters.text("caption");
    let units = caption.as_deref().map(|caption| caption.encode_utf16().count());
    if units.is_some_and(|units| units > MAX_CAPTION_UTF16_UNITS) {
        return Err(Answer::bad_request("message caption is too long"));
    }
    Ok(caption)
}

fn file(name: &str, parameters: &Parameters) -> Result<Value, Answer> {
    let file_id = parameters
        .text(name)
        .filter(|file_id| !file_id.is_empty())
        .ok_or_else(|| Answer::bad_request(&format!("there is no {name} in the request")))?;
    let file = json!({"file_id": file_id, "file_unique_id": file_id});
    Ok(if name == "photo" { json!([file]) } else { file })
}

fn copy(parameters: &Parameters, name: &str, fields: &mut Map<String, Value>) {
    if let Some(value) = parameters.json(name) {
        fields.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(method: &str, parameters: &Value) -> Value {
        let body = parameters.to_string();
        let parameters = Parameters::read("", "application/json", body.as_bytes()).unwrap();
        Value::Object(of_call(method, &parameters).unwrap())
    }

    #[test]
    fn a_message_shows_what_was_sent() {
        assert_eq!(
            fields("sendMessage", &json!({"chat_id": 1, "text": "a", "entities": []})),
            json!({"text": "a", "entities": []})
        );
        assert_eq!(
            fields("sendPhoto", &json!({"chat_id": 1, "photo": "F", "caption": "c"})),
            json!({"caption": "c", "photo": [{"file_id": "F", "file_unique_id": "F"}]})
        );
        assert_eq!(
            fields("sendVideoNote", &json!({"chat_id": 1, "video_note": "F"})),
            json!({"video_note": {"file_id": "F", "file_unique_id": "F"}})
        );
        assert_eq!(
            fields("sendContact", &json!({"chat_id": 1, "phone_number": "1", "first_name": "A"})),
            json!({"contact": {"phone_number": "1", "first_name": "A"}})
        );
        assert_eq!(fields("copyMessage", &json!({"chat_id": 1, "message_id": 2})), json!({}));
    }
}
