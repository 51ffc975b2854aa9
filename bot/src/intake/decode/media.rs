//! The file of a message.

use domain::message::{Media, MediaKind};

use crate::telegram::fields::Fields;

/// The file of a message of this kind.
pub(super) fn of(kind: &str, message: &Fields<'_>) -> Option<Media> {
    let object = || message.object(kind);
    match kind {
        "photo" => largest(&message.objects("photo")),
        "live_photo" => largest(&message.objects("photo")).or_else(|| live_photo(&object()?)),
        "video" => file(MediaKind::Video, &object()?),
        "animation" => file(MediaKind::Animation, &object()?),
        "voice" => file(MediaKind::Voice, &object()?),
        "video_note" => file(MediaKind::VideoNote, &object()?),
        "audio" => file(MediaKind::Audio, &object()?),
        "document" => file(MediaKind::Document, &object()?),
        "sticker" => sticker(&object()?),
        "paid_media" => object()?.objects("paid_media").iter().find_map(paid),
        "new_chat_photo" => largest(&message.objects("new_chat_photo")),
        _ => None,
    }
}

/// The largest of the sizes in which Telegram keeps a photo.
fn largest(sizes: &[Fields<'_>]) -> Option<Media> {
    let photos = sizes.iter().filter_map(|size| file(MediaKind::Photo, size));
    photos.max_by_key(|photo| {
        let pixels = i64::from(photo.width.unwrap_or_default()) * i64::from(photo.height.unwrap_or_default());
        (pixels, photo.size_bytes)
    })
}

/// The picture of a photo that moves for a moment; the film, if it is not there.
fn live_photo(fields: &Fields<'_>) -> Option<Media> {
    largest(&fields.objects("photo")).or_else(|| file(MediaKind::Video, fields))
}

/// A sticker, whose format follows from what it does
/// (<https://core.telegram.org/stickers#creating-stickers>).
fn sticker(fields: &Fields<'_>) -> Option<Media> {
    let mime_type = match (fields.is_true("is_animated"), fields.is_true("is_video")) {
        (true, _) => "application/x-tgsticker",
        (false, true) => "video/webm",
        (false, false) => "image/webp",
    };
    Some(Media { mime_type: Some(mime_type.to_owned()), ..file(MediaKind::Sticker, fields)? })
}

/// What was paid for, unless it has yet to be.
fn paid(media: &Fields<'_>) -> Option<Media> {
    let live_photo = || live_photo(&media.object("live_photo")?);
    let video = || file(MediaKind::Video, &media.object("video")?);
    largest(&media.objects("photo")).or_else(live_photo).or_else(video)
}

fn file(kind: MediaKind, fields: &Fields<'_>) -> Option<Media> {
    let number = |name| fields.integer(name).filter(|number| *number >= 0);
    let small = |name| number(name).and_then(|number| i32::try_from(number).ok());
    // A round film is as wide as it is high.
    let side = || small("length");
    Some(Media {
        telegram_file_id: Some(fields.string("file_id")?),
        telegram_unique_id: fields.string("file_unique_id"),
        size_bytes: number("file_size"),
        name: fields.string("file_name"),
        mime_type: fields.string("mime_type"),
        width: small("width").or_else(side),
        height: small("height").or_else(side),
        duration_seconds: small("duration"),
        ..Media::new(kind)
    })
}
