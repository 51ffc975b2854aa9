//! What a send puts into a chat.

use serde_json::{Map, Value, json};

use super::{
    super::{answer::Answer, call::Call, parameters::Parameters, server::Server},
    entities, media,
};

/// The longest text, in UTF-16 code units. Telegram counts after parsing; the fake parses
/// nothing, so it counts what is sent, which is the same without a parse mode.
const MAX_TEXT_UTF16_UNITS: usize = 4096;

/// The longest caption, in UTF-16 code units.
const MAX_CAPTION_UTF16_UNITS: usize = 1024;

/// The kinds of content whose names cannot be told from the method, which has no underscores.
const IN_TWO_WORDS: [&str; 4] = ["live_photo", "paid_media", "rich_message", "video_note"];

/// The value of a die whose throw nobody has to believe.
const DICE_VALUE: u8 = 4;

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
pub(super) fn of_call(server: &Server, call: &Call) -> Result<Map<String, Value>, Answer> {
    let method = call.method.to_ascii_lowercase();
    let name = method.strip_prefix("send").unwrap_or(&method);
    let in_two_words = IN_TWO_WORDS.into_iter().find(|kind| kind.replace('_', "") == name);
    let name = in_two_words.unwrap_or(name);
    let parameters = &call.parameters;
    if name == "message" {
        return text(parameters);
    }
    let mut fields = caption(parameters)?;
    if media::is_file(name) {
        fields.extend(media::of_call(server, call, name)?);
        return Ok(fields);
    }
    let mut content = parameters.without(&ROUTING);
    if name == "dice" {
        content.entry("emoji").or_insert(json!("🎲"));
        content.insert("value".to_owned(), json!(DICE_VALUE));
    }
    fields.insert(name.to_owned(), Value::Object(content));
    Ok(fields)
}

/// The text of a message and its formatting, if it is one that Telegram takes.
pub(super) fn text(parameters: &Parameters) -> Result<Map<String, Value>, Answer> {
    let text = parameters.text("text").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Answer::bad_request("message text is empty"));
    }
    if text.encode_utf16().count() > MAX_TEXT_UTF16_UNITS {
        return Err(Answer::bad_request("message is too long"));
    }
    let entities = entities::check(&text, parameters.json("entities").as_ref())?;
    Ok(with_formatting("text", text, "entities", entities))
}

/// The caption of a call and its formatting.
pub(super) fn caption(parameters: &Parameters) -> Result<Map<String, Value>, Answer> {
    let caption = parameters.text("caption").map(Value::from);
    caption_of(caption.as_ref(), parameters.json("caption_entities").as_ref())
}

/// A caption and its formatting; nothing if there is none.
pub(super) fn caption_of(caption: Option<&Value>, formatting: Option<&Value>) -> Result<Map<String, Value>, Answer> {
    let caption = caption.and_then(Value::as_str).unwrap_or_default();
    if caption.is_empty() {
        return Ok(Map::new());
    }
    if caption.encode_utf16().count() > MAX_CAPTION_UTF16_UNITS {
        return Err(Answer::bad_request("message caption is too long"));
    }
    let entities = entities::check(caption, formatting)?;
    Ok(with_formatting("caption", caption.to_owned(), "caption_entities", entities))
}

fn with_formatting(name: &str, text: String, formatting: &str, entities: Option<Value>) -> Map<String, Value> {
    let mut fields = Map::from_iter([(name.to_owned(), json!(text))]);
    fields.extend(entities.map(|entities| (formatting.to_owned(), entities)));
    fields
}
