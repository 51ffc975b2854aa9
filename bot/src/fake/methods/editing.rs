//! Methods that change a message.

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::{
    super::{answer::Answer, call::Call, chat_book::ChatMessage, server::Server},
    buttons, content, media, recipient, sending,
};

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply \
                            markup are exactly the same as a current content and reply markup \
                            of the message";

/// What a message is made of, all of which an edit of its content replaces.
const CONTENT: [&str; 14] = [
    "animation",
    "audio",
    "caption",
    "caption_entities",
    "document",
    "entities",
    "live_photo",
    "photo",
    "rich_message",
    "sticker",
    "text",
    "video",
    "video_note",
    "voice",
];

/// The fields that each edit replaces.
fn replaced(method: &str) -> &'static [&'static str] {
    match method {
        "editmessagetext" => &["text", "entities", "rich_message"],
        "editmessagecaption" => &["caption", "caption_entities"],
        "editmessagemedia" => &CONTENT,
        _ => &[],
    }
}

/// Changes a message. One that was forgotten counts as there.
pub(super) async fn edit(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let method = call.method.to_ascii_lowercase();
    let chat = recipient::of_call(server, call).await?;
    let number = recipient::message_id(call)?;
    let before = known(server, call, chat, number)?;
    let mut new = new_content(server, call, &method, before.as_ref())?;
    if let Some(markup) = buttons::of_call(call)? {
        new.insert("reply_markup".to_owned(), markup);
    }

    let _in_order = call.bot.accepting.lock().await;
    let message = match &before {
        Some(before) => changed(before, &new, replaced(&method))?,
        None => {
            let mut message = sending::message(server, call, chat, number);
            message.extend(new);
            message
        }
    };
    let mut message = Value::Object(message);
    message["edit_date"] = json!((server.now)().timestamp());
    let pinned = before.is_some_and(|before| before.pinned);
    let shown = ChatMessage { pinned, ..ChatMessage::new(number, true, message.clone()) };
    let text = shown.text().map(str::to_owned);
    server.book.write(call.bot.id, chat, shown);
    sending::enter(server, call, chat, number, text);
    Ok(Answer::ok(&message))
}

/// The message to edit. Empty for one that was forgotten.
fn known(server: &Server, call: &Call, chat: ChatId, number: i64) -> Result<Option<ChatMessage>, Answer> {
    let Some(message) = server.book.message(call.bot.id, chat, number) else {
        if server.book.forgets() {
            return Ok(None);
        }
        return Err(Answer::bad_request("message to edit not found"));
    };
    if message.deleted {
        return Err(Answer::bad_request("message to edit not found"));
    }
    if !message.from_bot {
        return Err(Answer::bad_request("message can't be edited"));
    }
    Ok(Some(ChatMessage::clone(&message)))
}

fn new_content(
    server: &Server,
    call: &Call,
    method: &str,
    before: Option<&ChatMessage>,
) -> Result<Map<String, Value>, Answer> {
    let has = |name: &str| before.is_none_or(|before| before.json.get(name).is_some());
    match method {
        "editmessagetext" if !has("text") => Err(Answer::bad_request("there is no text in the message to edit")),
        "editmessagetext" => content::text(&call.parameters),
        "editmessagecaption" if before.is_some_and(|before| before.file_id().is_none()) => {
            Err(Answer::bad_request("there is no caption in the message to edit"))
        }
        "editmessagecaption" => content::caption(&call.parameters),
        "editmessagemedia" => {
            let item = call.parameters.json("media").unwrap_or_default();
            let mut fields = media::of_item(server, call, &item)?;
            fields.extend(content::caption_of(item.get("caption"), item.get("caption_entities"))?);
            Ok(fields)
        }
        _ => Ok(Map::new()),
    }
}

/// The message with its new content. Buttons that an edit does not name are gone.
fn changed(before: &ChatMessage, new: &Map<String, Value>, replaced: &[&str]) -> Result<Map<String, Value>, Answer> {
    let Value::Object(old) = &before.json else {
        return Ok(new.clone());
    };
    let mut message = old.clone();
    message.retain(|name, _| name != "reply_markup" && !replaced.contains(&name.as_str()));
    message.extend(new.clone());
    let is_same = |name: &&str| message.get(*name) == old.get(*name);
    if is_same(&"reply_markup") && CONTENT.iter().all(is_same) {
        return Err(Answer::bad_request(NOT_MODIFIED));
    }
    Ok(message)
}
