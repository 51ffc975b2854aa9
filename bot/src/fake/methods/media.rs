//! Messages that are files.

use serde_json::{Map, Value, json};

use super::super::{
    answer::Answer,
    call::Call,
    files::{MadeUpFile, NewFile, StoredFile, picture},
    server::Server,
    upload::Upload,
};

/// The kinds of content that are files.
const KINDS: [&str; 8] = ["animation", "audio", "document", "photo", "sticker", "video", "video_note", "voice"];

/// The largest photo that can be uploaded.
const MAX_PHOTO_BYTES: usize = 10 * 1024 * 1024;

/// The longest sides of the smaller copies that Telegram makes of a photo, in pixels.
const SMALLER_SIDES: [u32; 3] = [90, 320, 800];

/// The most that the sides of a photo may have together, and the most that one may be of the other.
const MAX_PHOTO_SIDES: u32 = 10_000;
const MAX_PHOTO_RATIO: u32 = 20;

/// Whether content of this kind is a file.
pub(super) fn is_file(kind: &str) -> bool {
    KINDS.contains(&kind)
}

/// The file that a call sends, as fields of its message.
pub(super) fn of_call(server: &Server, call: &Call, kind: &str) -> Result<Map<String, Value>, Answer> {
    let attributes = call.parameters.to_json();
    let file = match call.parameters.upload(kind) {
        Some(upload) => keep(server, call, kind, upload)?,
        None => named(server, call, kind, call.parameters.text(kind).as_deref())?,
    };
    Ok(fields(kind, &file, &attributes))
}

/// The file of an `InputMedia`, as fields of its message.
pub(super) fn of_item(server: &Server, call: &Call, item: &Value) -> Result<Map<String, Value>, Answer> {
    let kind = item["type"].as_str().filter(|kind| is_file(kind));
    let kind = kind.ok_or_else(|| Answer::bad_request("can't parse InputMedia: type is invalid"))?;
    let file = named(server, call, kind, item["media"].as_str())?;
    Ok(fields(kind, &file, item))
}

/// A file that the call names: one that came along (`attach://`), or one that Telegram has.
fn named(server: &Server, call: &Call, kind: &str, name: Option<&str>) -> Result<File, Answer> {
    let name = name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Answer::bad_request(&format!("there is no {kind} in the request")))?;
    if let Some(part) = name.strip_prefix("attach://") {
        let upload = call.parameters.upload(part);
        let upload = upload.ok_or_else(|| Answer::bad_request("wrong file identifier/HTTP URL specified"))?;
        return keep(server, call, kind, upload);
    }
    if name.starts_with("http://") || name.starts_with("https://") {
        return Err(Answer::bad_request("failed to get HTTP URL content"));
    }
    Ok(server.files.find(call.bot.id, name).map_or_else(|| File::Unknown(name.to_owned()), File::Known))
}

/// A file that a call names.
enum File {
    Known(StoredFile),
    /// It may have been sent before the fake was started.
    Unknown(String),
}

fn keep(server: &Server, call: &Call, kind: &str, upload: &Upload) -> Result<File, Answer> {
    if upload.bytes.is_empty() {
        return Err(Answer::bad_request("file must be non-empty"));
    }
    if kind == "photo" {
        check_photo(&upload.bytes)?;
    }
    Ok(File::Known(server.files.keep(
        call.bot.id,
        NewFile {
            kind: kind.to_owned(),
            name: upload.file_name.clone(),
            mime_type: upload.mime_type.clone(),
            bytes: upload.bytes.clone(),
        },
    )))
}

fn check_photo(bytes: &[u8]) -> Result<(), Answer> {
    if bytes.len() > MAX_PHOTO_BYTES {
        return Err(Answer::bad_request("file is too big"));
    }
    let (width, height) = picture::size_of(bytes).ok_or_else(|| Answer::bad_request("IMAGE_PROCESS_FAILED"))?;
    let (short, long) = (width.min(height), width.max(height));
    if short == 0 || long.saturating_add(short) > MAX_PHOTO_SIDES || long / short > MAX_PHOTO_RATIO {
        return Err(Answer::bad_request("PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(())
}

fn fields(kind: &str, file: &File, attributes: &Value) -> Map<String, Value> {
    let described = match file {
        File::Known(file) => describe(kind, file, attributes),
        File::Unknown(file_id) => {
            let file = json!({"file_id": file_id, "file_unique_id": file_id});
            if kind == "photo" { json!([file]) } else { file }
        }
    };
    let mut fields = Map::from_iter([(kind.to_owned(), described.clone())]);
    if kind == "animation" {
        // For bots that know no animations, as the documentation of `Message` has it.
        fields.insert("document".to_owned(), described);
    }
    fields
}

/// A known file as the Bot API describes one of its kind.
pub(in crate::fake) fn describe(kind: &str, file: &StoredFile, attributes: &Value) -> Value {
    if kind == "photo" {
        return photo(file);
    }
    let mut described = json!({
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size_bytes,
    });
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            described[name] = value;
        }
    };
    let number = |name: &str| {
        let value = &attributes[name];
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    let (width, height) = file.picture.unwrap_or_default();
    if matches!(kind, "video" | "animation" | "sticker") {
        put("width", json!(number("width").unwrap_or(width.into())));
        put("height", json!(number("height").unwrap_or(height.into())));
    }
    if kind == "video_note" {
        put("length", json!(number("length").unwrap_or(width.into())));
    }
    if matches!(kind, "video" | "animation" | "audio" | "voice" | "video_note") {
        put("duration", json!(number("duration").unwrap_or_default()));
    }
    if matches!(kind, "video" | "animation" | "audio" | "document") {
        put("file_name", json!(file.name));
        put("mime_type", json!(file.mime_type));
    }
    match kind {
        "voice" => put("mime_type", json!(file.mime_type.as_deref().unwrap_or("audio/ogg"))),
        "audio" => {
            put("performer", attributes["performer"].clone());
            put("title", attributes["title"].clone());
        }
        "sticker" => {
            put("type", json!("regular"));
            put("is_animated", json!(false));
            put("is_video", json!(false));
            put("emoji", attributes["emoji"].clone());
        }
        _ => {}
    }
    described
}

/// A made-up photo in its sizes.
pub(crate) fn photo_sizes(file: &MadeUpFile) -> Value {
    photo(&StoredFile::made_up(file.clone()))
}

/// A photo: the picture itself, which comes last, and smaller ones that Telegram would make of it.
fn photo(file: &StoredFile) -> Value {
    let (width, height) = file.picture.unwrap_or((1, 1));
    let long = width.max(height);
    let mut sizes: Vec<Value> = SMALLER_SIDES
        .into_iter()
        .filter(|side| *side < long)
        .map(|side| {
            let scaled =
                |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(long)).unwrap_or(side);
            let picture = (scaled(width).max(1), scaled(height).max(1));
            let made_up = MadeUpFile { number: side.into(), size_bytes: 0, picture: Some(picture) };
            json!({
                "file_id": made_up.file_id(),
                "file_unique_id": format!("{}-{side}", file.unique_id),
                "file_size": made_up.length(),
                "width": picture.0,
                "height": picture.1,
            })
        })
        .collect();
    sizes.push(json!({
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size_bytes,
        "width": width,
        "height": height,
    }));
    Value::Array(sizes)
}
