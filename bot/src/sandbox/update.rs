//! What simulated customers do, as updates of the Bot API.

use desk::sandbox::{SandboxAct, SandboxContent, SandboxCustomer, SandboxMessage, SandboxPress, SandboxReaction};
use domain::message::{Details, Media, MediaKind, details};
use serde_json::{Map, Value, json};

use crate::fake::{Customer, MadeUpFile, blocking, photo_sizes, text_content};
use crate::telegram::BotId;

/// The size of a file of whose size nobody says anything, in bytes.
const USUAL_BYTES: u64 = 2_000;

/// The update as Telegram would tell it, without its number.
pub(super) fn of_act(bot: BotId, act: SandboxAct) -> String {
    match act {
        SandboxAct::Message(message) => of_message(&message).to_string(),
        SandboxAct::Reaction(reaction) => of_reaction(&reaction).to_string(),
        SandboxAct::Press(press) => of_press(bot, &press).to_string(),
        SandboxAct::Blocking { customer, blocks, at } => {
            let status = if blocks { "kicked" } else { "member" };
            blocking(&person(&customer), bot.0, at.timestamp(), status).to_string()
        }
        SandboxAct::Update { json } => json,
    }
}

fn person(customer: &SandboxCustomer) -> Customer {
    Customer {
        telegram_user_id: customer.telegram_user_id,
        name: customer.name.clone(),
        username: customer.username.clone(),
        language_code: customer.language_code.clone(),
    }
}

fn of_message(message: &SandboxMessage) -> Value {
    let customer = person(&message.customer);
    let mut fields = content(message.message_id, &message.text, &message.content);
    if let Some(album_id) = &message.album_id {
        fields.insert("media_group_id".to_owned(), json!(album_id));
    }
    if let Some(reply) = &message.reply_to {
        let mut answered = json!({
            "message_id": reply.message_id,
            "chat": customer.to_chat(),
            "date": message.sent_at.timestamp(),
            "text": reply.text,
        });
        if !reply.from_bot {
            answered["from"] = customer.to_user();
        }
        fields.insert("reply_to_message".to_owned(), answered);
    }
    if let Some(edited_at) = message.edited_at {
        fields.insert("edit_date".to_owned(), json!(edited_at.timestamp()));
    }
    let written = customer.to_message(message.message_id, message.sent_at, &fields);
    if message.edited_at.is_some() { json!({ "edited_message": written }) } else { json!({ "message": written }) }
}

/// The fields of a message that say what it is.
fn content(message_id: i64, text: &str, content: &SandboxContent) -> Map<String, Value> {
    let mut fields = Map::new();
    if let Some(media) = &content.media {
        fields.insert(field_of(media.kind).to_owned(), file(message_id, media));
        if !text.is_empty() {
            fields.insert("caption".to_owned(), json!(text));
        }
    } else if let Some(details) = &content.details {
        fields.extend(of_details(message_id, details));
    } else {
        fields.extend(text_content(text));
    }
    fields
}

fn field_of(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Photo => "photo",
        MediaKind::Video => "video",
        MediaKind::Animation => "animation",
        MediaKind::Voice => "voice",
        MediaKind::VideoNote => "video_note",
        MediaKind::Audio => "audio",
        MediaKind::Document => "document",
        MediaKind::Sticker => "sticker",
    }
}

/// The file with a handle by which it can be downloaded in every process, since the handle says what it is.
fn file(number: i64, media: &Media) -> Value {
    let sides =
        media.width.and_then(|side| side.try_into().ok()).zip(media.height.and_then(|side| side.try_into().ok()));
    let is_picture = matches!(media.kind, MediaKind::Photo | MediaKind::Sticker);
    let known = media.telegram_file_id.as_deref().and_then(MadeUpFile::of_id);
    let made_up = known.unwrap_or_else(|| MadeUpFile {
        number,
        size_bytes: media.size_bytes.and_then(|size| size.try_into().ok()).unwrap_or(USUAL_BYTES),
        picture: sides.filter(|_| is_picture),
    });
    if media.kind == MediaKind::Photo {
        return photo_sizes(&made_up);
    }
    let mut file = json!({
        "file_id": made_up.file_id(),
        "file_unique_id": made_up.unique_id(),
        "file_size": made_up.length(),
    });
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            file[name] = value;
        }
    };
    put("file_name", json!(media.name));
    put("mime_type", json!(media.mime_type));
    put("duration", json!(media.duration_seconds));
    if media.kind == MediaKind::VideoNote {
        put("length", json!(media.width));
    } else {
        put("width", json!(media.width));
        put("height", json!(media.height));
    }
    if media.kind == MediaKind::Sticker {
        put("type", json!("regular"));
        put("is_animated", json!(false));
        put("is_video", json!(false));
    }
    file
}

fn of_details(number: i64, details: &Details) -> Map<String, Value> {
    let (name, value) = match details {
        Details::Contact(contact) => (
            "contact",
            json!({
                "phone_number": contact.phone_number,
                "first_name": contact.name,
                "user_id": contact.telegram_user_id,
                "vcard": contact.vcard,
            }),
        ),
        Details::Location(place) => ("location", location(place)),
        Details::Venue(venue) => {
            ("venue", json!({"location": location(&venue.location), "title": venue.title, "address": venue.address}))
        }
        Details::Poll(poll) => ("poll", of_poll(number, poll)),
        Details::Dice { emoji, value } => ("dice", json!({"emoji": emoji, "value": value})),
        // The others are what Telegram or a button makes of something, and reach a sandbox as whole updates.
        Details::Sticker { .. }
        | Details::Story { .. }
        | Details::Press { .. }
        | Details::Service { .. }
        | Details::Unsupported { .. } => return Map::new(),
    };
    let mut fields = Map::from_iter([(name.to_owned(), without_nulls(value))]);
    if let Details::Venue(venue) = details {
        // For bots that know no venues, as the documentation of `Message` has it.
        fields.insert("location".to_owned(), location(&venue.location));
    }
    fields
}

fn location(place: &details::Location) -> Value {
    without_nulls(json!({
        "latitude": place.latitude,
        "longitude": place.longitude,
        "horizontal_accuracy": place.accuracy_metres,
        "live_period": place.live_period_seconds,
    }))
}

fn of_poll(number: i64, poll: &details::Poll) -> Value {
    let options = poll.options.iter().map(|option| json!({"text": option.text, "voter_count": option.voter_count}));
    json!({
        "id": format!("{number}"),
        "question": poll.question,
        "options": options.collect::<Vec<_>>(),
        "total_voter_count": poll.total_voter_count,
        "is_closed": poll.closed,
        "is_anonymous": true,
        "type": "regular",
        "allows_multiple_answers": false,
    })
}

/// Telegram leaves out what it does not know.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => {
            fields.retain(|_, value| !value.is_null());
            Value::Object(fields)
        }
        other => other,
    }
}

fn of_reaction(reaction: &SandboxReaction) -> Value {
    let customer = person(&reaction.customer);
    let emoji = |emoji: &[String]| -> Vec<Value> {
        emoji.iter().map(|emoji| json!({"type": "emoji", "emoji": emoji})).collect()
    };
    json!({"message_reaction": {
        "chat": customer.to_chat(),
        "message_id": reaction.message_id,
        "user": customer.to_user(),
        "date": reaction.at.timestamp(),
        "old_reaction": emoji(&reaction.before),
        "new_reaction": emoji(&reaction.now),
    }})
}

fn of_press(bot: BotId, press: &SandboxPress) -> Value {
    let customer = person(&press.customer);
    json!({"callback_query": {
        "id": press.callback_id,
        "from": customer.to_user(),
        "message": {
            "message_id": press.message_id,
            "from": {"id": bot.0, "is_bot": true, "first_name": format!("Bot {bot}")},
            "chat": {"id": press.chat_id.0, "type": "private", "first_name": press.chat_name},
            "date": press.sent_at.timestamp(),
            "text": press.text,
        },
        "chat_instance": press.chat_id.0.to_string(),
        "data": press.data,
    }})
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::message::MediaKind;

    use super::*;
    use crate::telegram::update::Update;

    fn message(text: &str, content: SandboxContent) -> SandboxMessage {
        SandboxMessage {
            message_id: 5,
            customer: SandboxCustomer::numbered(7),
            sent_at: DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
            edited_at: None,
            text: text.to_owned(),
            content,
            album_id: None,
            reply_to: None,
        }
    }

    #[test]
    fn a_photo_has_sizes_and_a_caption() {
        let media = Media { width: Some(400), height: Some(300), ..Media::new(MediaKind::Photo) };
        let photo = SandboxContent { media: Some(media), details: None };
        let update = of_message(&message("look", photo));
        let sizes = update["message"]["photo"].as_array().unwrap();
        assert_eq!(sizes.len(), 3);
        assert_eq!(sizes[2]["width"], 400);
        assert_eq!(update["message"]["caption"], "look");
    }

    #[test]
    fn a_file_of_any_kind_says_what_it_is() {
        for kind in [MediaKind::Video, MediaKind::Voice, MediaKind::VideoNote, MediaKind::Document, MediaKind::Sticker]
        {
            let media = Media { size_bytes: Some(9_000), duration_seconds: Some(3), ..Media::new(kind) };
            let update = of_message(&message("", SandboxContent { media: Some(media), details: None }));
            let file = &update["message"][field_of(kind)];
            assert_eq!(file["file_size"], 9_000, "{update}");
            let described = MadeUpFile::of_id(file["file_id"].as_str().unwrap()).unwrap();
            assert_eq!(described.length(), 9_000);
        }
    }

    #[test]
    fn what_was_changed_is_an_edit() {
        let new = message("new", SandboxContent::default());
        let edited = SandboxMessage { edited_at: Some(new.sent_at), ..new };
        assert_eq!(of_message(&edited)["edited_message"]["text"], "new");
    }

    #[test]
    fn what_is_pushed_as_a_whole_stays_as_it_is() {
        let json = r#"{"poll": {"x":1.50}}"#.to_owned();
        assert_eq!(of_act(BotId(1), SandboxAct::Update { json: json.clone() }), json);
        let decoded = Update::decode(r#"{"update_id":1,"poll":{}}"#);
        assert!(decoded.is_ok_and(|update| update.kind == "poll"));
    }
}
