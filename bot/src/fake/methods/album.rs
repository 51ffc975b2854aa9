//! `sendMediaGroup`.

use std::sync::atomic::Ordering;

use serde_json::{Map, Value, json};

use super::{
    super::{answer::Answer, call::Call, server::Server},
    content, media, recipient, sending,
};

/// The fewest and the most items of an album, as with Telegram.
const ITEMS: std::ops::RangeInclusive<usize> = 2..=10;

/// The kinds that share an album.
const MIX: [&str; 3] = ["live_photo", "photo", "video"];

/// Makes the messages of an album.
pub(super) async fn send(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let items = match call.parameters.json("media") {
        Some(Value::Array(items)) if ITEMS.contains(&items.len()) => items,
        _ => {
            return Err(Answer::bad_request("wrong number of media to send as an album: there must be 2 to 10"));
        }
    };
    check_kinds(&items)?;
    let chat = recipient::of_call(server, call).await?;
    let album_id = format!("album-{}", server.albums.fetch_add(1, Ordering::Relaxed));
    let contents = items.iter().map(|item| content_of(server, call, item, &album_id)).collect::<Result<_, _>>()?;
    let messages = sending::post(server, call, chat, contents).await?;
    Ok(Answer::ok(&Value::Array(messages)))
}

fn check_kinds(items: &[Value]) -> Result<(), Answer> {
    let kinds: Vec<_> = items.iter().map(|item| item["type"].as_str().unwrap_or_default()).collect();
    let first = kinds[0];
    if let Some(other) = kinds.iter().find(|kind| !MIX.contains(kind) && !matches!(**kind, "audio" | "document")) {
        return Err(Answer::bad_request(&format!("type \"{other}\" can't be used in sendMediaGroup")));
    }
    let is_mix = kinds.iter().all(|kind| MIX.contains(kind));
    if is_mix || kinds.iter().all(|kind| *kind == first) {
        return Ok(());
    }
    let loner = kinds.iter().find(|kind| !MIX.contains(kind)).unwrap_or(&first);
    Err(Answer::bad_request(&format!("{loner} can't be mixed with other media types")))
}

fn content_of(server: &Server, call: &Call, item: &Value, album_id: &str) -> Result<Map<String, Value>, Answer> {
    let mut fields = media::of_item(server, call, item)?;
    fields.extend(content::caption_of(item.get("caption"), item.get("caption_entities"))?);
    fields.insert("media_group_id".to_owned(), json!(album_id));
    Ok(fields)
}
