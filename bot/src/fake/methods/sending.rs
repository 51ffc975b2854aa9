//! Methods that put a message into a chat.

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::{
    super::{LedgerEntry, answer::Answer, call::Call, server::Server},
    content,
};

/// The fewest and the most items of an album, as with Telegram.
const ALBUM_ITEMS: std::ops::RangeInclusive<usize> = 2..=10;

/// Makes a message.
pub(super) async fn send(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let fields = content::of_call(&call.method, &call.parameters)?;
    let chat = open_chat(server, call)?;
    let text = shown_text(&fields);
    let message_id = accept(server, call, chat, text, 1).await?;
    let result = if call.is("copyMessage") {
        json!({ "message_id": message_id })
    } else {
        message(server, call, chat, message_id, fields)
    };
    Ok(Answer::ok(&result))
}

/// Makes the messages of an album.
pub(super) async fn send_album(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let media = match call.parameters.json("media") {
        Some(Value::Array(media)) if ALBUM_ITEMS.contains(&media.len()) => media,
        _ => {
            return Err(Answer::bad_request("wrong number of media to send as an album: there must be 2 to 10"));
        }
    };
    let chat = open_chat(server, call)?;
    let caption = media.iter().find_map(|item| item["caption"].as_str());
    let first_id = accept(server, call, chat, caption.map(str::to_owned), media.len()).await?;
    let messages: Vec<_> = (first_id..)
        .zip(&media)
        .map(|(message_id, item)| {
            let mut fields = Map::new();
            fields.insert("media_group_id".to_owned(), json!(first_id.to_string()));
            for name in ["caption", "caption_entities"] {
                if let Some(value) = item.get(name) {
                    fields.insert(name.to_owned(), value.clone());
                }
            }
            message(server, call, chat, message_id, fields)
        })
        .collect();
    Ok(Answer::ok(&Value::Array(messages)))
}

/// The chat of the call, if it takes messages from the bot.
pub(super) fn open_chat(server: &Server, call: &Call) -> Result<ChatId, Answer> {
    if call.parameters.text("chat_id").is_none_or(|id| id.is_empty()) {
        return Err(Answer::bad_request("chat_id is empty"));
    }
    // Names of public chats are not simulated, so nobody has one.
    let chat = call.parameters.chat_id().ok_or_else(|| Answer::bad_request("chat not found"))?;
    match server.chats.get(call.bot.id, chat).refusal() {
        Some(refusal) => Err(refusal),
        None => Ok(chat),
    }
}

/// A message as Telegram shows it to the bot that sent it.
pub(super) fn message(
    server: &Server,
    call: &Call,
    chat: ChatId,
    message_id: i64,
    fields: Map<String, Value>,
) -> Value {
    let mut message = json!({
        "message_id": message_id,
        "from": call.bot.user(),
        "chat": {"id": chat.0, "type": chat_type(chat)},
        "date": (server.now)().timestamp(),
    });
    if let Value::Object(message) = &mut message {
        message.extend(fields);
    }
    message
}

/// Takes numbers for new messages and enters the call in the ledger. Returns the first number.
async fn accept(
    server: &Server,
    call: &Call,
    chat: ChatId,
    text: Option<String>,
    messages: usize,
) -> Result<i64, Answer> {
    let _in_order = call.bot.accepting.lock().await;
    let message_id = server.backlog.next_message_id(call.bot.id, chat).await?;
    for _ in 1..messages {
        server.backlog.next_message_id(call.bot.id, chat).await?;
    }
    server.ledger.accept(LedgerEntry {
        bot: call.bot.id,
        method: call.method.clone(),
        chat_id: chat,
        text,
        payload: call.parameters.to_json(),
        message_id,
        received_at: call.received_at,
    });
    Ok(message_id)
}

fn shown_text(fields: &Map<String, Value>) -> Option<String> {
    let text = fields.get("text").or_else(|| fields.get("caption"))?;
    text.as_str().map(str::to_owned)
}

/// Telegram numbers users above 0, basic groups below, and supergroups and channels further
/// down, from here on.
const FIRST_SUPERGROUP: i64 = -1_000_000_000_000;

fn chat_type(ChatId(id): ChatId) -> &'static str {
    if id > 0 {
        "private"
    } else if id > FIRST_SUPERGROUP {
        "group"
    } else {
        "supergroup"
    }
}
