//! The calls by which messages go out, made from the messages themselves, so that a message that changes while it waits,
//! or goes out once more, is written like any other.

use domain::Message;
use domain::message::{Media, MediaKind, Thread};
use serde_json::{Map, Value, json};
use store::outbox::{Attachment, Lane, NewCall};

/// The key under which `reply_parameters` name a message of the desk whose number in Telegram is not known yet. Whoever
/// takes the call puts the number in its place.
pub(crate) const DESK_MESSAGE: &str = "desk_message";

/// The call that sends one message or the items of one album. `answered` is the message that the first of them answers.
pub(crate) fn call_of(items: &[Message], answered: Option<&Message>, lane: Lane) -> Option<NewCall> {
    let (first, rest) = items.split_first()?;
    let mut payload = destination(first);
    let mut attachments = Vec::new();
    let method = match &first.content.media {
        _ if !rest.is_empty() => {
            let media: Vec<Value> = items.iter().filter_map(|item| album_item(item, &mut attachments)).collect();
            payload.insert("media".to_owned(), media.into());
            "sendMediaGroup"
        }
        Some(media) => {
            let (method, field) = way_of(media.kind);
            payload.insert(field.to_owned(), source(media, &mut attachments).into());
            put_caption(first, &mut payload);
            method
        }
        None => {
            payload.insert("text".to_owned(), first.text.as_str().into());
            put_entities(first, "entities", &mut payload);
            "sendMessage"
        }
    };
    if let Some(answered) = answered.filter(|answered| can_name(first, answered)) {
        payload.insert("reply_parameters".to_owned(), reply_parameters(first, answered));
    }
    put_buttons(first, &mut payload);
    Some(NewCall {
        project_id: first.project_id,
        chat_id: first.chat_id,
        lane,
        message_id: Some(first.id),
        method: method.to_owned(),
        payload: Value::Object(payload).to_string(),
        attachments,
        cost: i32::try_from(items.len()).unwrap_or(i32::MAX),
    })
}

/// The call that gives a message another text or caption. Its buttons stay.
pub(crate) fn edit_of(message: &Message) -> NewCall {
    let mut payload = place(message);
    let method = if message.content.media.is_some() {
        // A caption that is left out is taken away.
        put_caption(message, &mut payload);
        "editMessageCaption"
    } else {
        payload.insert("text".to_owned(), message.text.as_str().into());
        put_entities(message, "entities", &mut payload);
        "editMessageText"
    };
    put_buttons(message, &mut payload);
    change_call(message, method, payload)
}

/// The call that takes a message away from its chat.
pub(crate) fn deletion_of(message: &Message) -> NewCall {
    let in_business = message.content.thread.business_connection_id.is_some();
    let method = if in_business { "deleteBusinessMessages" } else { "deleteMessage" };
    change_call(message, method, place(message))
}

/// The call that pins a message.
pub(crate) fn pin_of(message: &Message) -> NewCall {
    let mut payload = place(message);
    payload.insert("disable_notification".to_owned(), true.into());
    change_call(message, "pinChatMessage", payload)
}

/// The call that takes the pin away from a message.
pub(crate) fn unpin_of(message: &Message) -> NewCall {
    change_call(message, "unpinChatMessage", place(message))
}

/// The number of the message is put in when the call is taken: it may be unknown until then.
fn change_call(message: &Message, method: &str, payload: Map<String, Value>) -> NewCall {
    NewCall {
        project_id: message.project_id,
        chat_id: message.chat_id,
        lane: Lane::Edit,
        message_id: Some(message.id),
        method: method.to_owned(),
        payload: Value::Object(payload).to_string(),
        attachments: Vec::new(),
        cost: 1,
    }
}

/// Where a new message goes.
fn destination(message: &Message) -> Map<String, Value> {
    let Thread { message_thread_id, direct_messages_topic_id, .. } = &message.content.thread;
    let mut payload = place(message);
    if let Some(topic) = message_thread_id {
        payload.insert("message_thread_id".to_owned(), json!(topic));
    }
    if let Some(topic) = direct_messages_topic_id {
        payload.insert("direct_messages_topic_id".to_owned(), json!(topic));
    }
    payload
}

/// Where a message is.
fn place(message: &Message) -> Map<String, Value> {
    let mut payload = Map::new();
    payload.insert("chat_id".to_owned(), message.chat_id.0.into());
    if let Some(connection) = &message.content.thread.business_connection_id {
        payload.insert("business_connection_id".to_owned(), connection.as_str().into());
    }
    payload
}

/// The method that sends such a file, and its parameter for it.
fn way_of(kind: MediaKind) -> (&'static str, &'static str) {
    match kind {
        MediaKind::Photo => ("sendPhoto", "photo"),
        MediaKind::Video => ("sendVideo", "video"),
        MediaKind::Animation => ("sendAnimation", "animation"),
        MediaKind::Voice => ("sendVoice", "voice"),
        MediaKind::VideoNote => ("sendVideoNote", "video_note"),
        MediaKind::Audio => ("sendAudio", "audio"),
        MediaKind::Document => ("sendDocument", "document"),
        MediaKind::Sticker => ("sendSticker", "sticker"),
    }
}

/// The kind of a message with such a file, as the Bot API names it.
pub(crate) fn kind_of(kind: MediaKind) -> &'static str {
    way_of(kind).1
}

fn album_item(item: &Message, attachments: &mut Vec<Attachment>) -> Option<Value> {
    let media = item.content.media.as_ref()?;
    let mut fields = Map::new();
    fields.insert("type".to_owned(), kind_of(media.kind).into());
    fields.insert("media".to_owned(), source(media, attachments).into());
    put_caption(item, &mut fields);
    Some(Value::Object(fields))
}

/// What Telegram calls the file, if it has it, and otherwise the file that goes along.
fn source(media: &Media, attachments: &mut Vec<Attachment>) -> String {
    match (&media.telegram_file_id, media.file_id) {
        (Some(known), _) => known.clone(),
        (None, Some(file_id)) => {
            let field = format!("file{}", attachments.len());
            let source = format!("attach://{field}");
            attachments.push(Attachment { field, file_id });
            source
        }
        (None, None) => String::new(),
    }
}

fn put_caption(message: &Message, fields: &mut Map<String, Value>) {
    if !message.text.is_empty() {
        fields.insert("caption".to_owned(), message.text.as_str().into());
        put_entities(message, "caption_entities", fields);
    }
}

fn put_entities(message: &Message, name: &str, fields: &mut Map<String, Value>) {
    if let Some(entities) = parsed(message.entities.as_deref()) {
        fields.insert(name.to_owned(), entities);
    }
}

fn put_buttons(message: &Message, fields: &mut Map<String, Value>) {
    if !message.content.buttons.is_empty() {
        fields.insert("reply_markup".to_owned(), json!({ "inline_keyboard": message.content.buttons }));
    }
}

/// Whether a message can name another one as what it answers. Numbers count within a chat, so that what was written
/// before a group became a supergroup has none there.
fn can_name(message: &Message, answered: &Message) -> bool {
    message.chat_id == answered.chat_id && message.content.thread.connection() == answered.content.thread.connection()
}

/// A message that has vanished from the chat must not keep the answer from going out.
fn reply_parameters(message: &Message, answered: &Message) -> Value {
    let mut parameters = json!({ "allow_sending_without_reply": true });
    match answered.telegram_message_id {
        Some(number) => parameters["message_id"] = number.into(),
        None => parameters[DESK_MESSAGE] = answered.id.0.into(),
    }
    if let Some(quote) = &message.content.quote {
        parameters["quote"] = quote.text.as_str().into();
        if let Some(entities) = parsed(quote.entities.as_deref()) {
            parameters["quote_entities"] = entities;
        }
    }
    parameters
}

fn parsed(json: Option<&str>) -> Option<Value> {
    serde_json::from_str(json?).ok()
}
