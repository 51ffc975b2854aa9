//! What an update means to the desk.

use std::panic::{AssertUnwindSafe, catch_unwind};

use desk::intake::{Decode, Decoded};
use desk::message::Incoming;
use domain::customer::Profile;
use domain::{CustomerKind, Direction};

use crate::telegram::Update;
use crate::telegram::update::{ChatKind, Content, InboundMessage, Sender};

/// Telegram's updates, as the desk takes them.
pub(super) struct TelegramUpdates;

impl Decode for TelegramUpdates {
    /// A panic counts as the failure of this one update: if it ended the worker, the same update
    /// would end every worker after it, and nobody's messages would arrive any more.
    fn decode(&self, raw: &str) -> Result<Decoded, String> {
        catch_unwind(AssertUnwindSafe(|| decode(raw))).unwrap_or_else(|_| Err("reading it panicked".to_owned()))
    }
}

fn decode(raw: &str) -> Result<Decoded, String> {
    let update = Update::decode(raw).map_err(|error| error.to_string())?;
    let decoded = match update.content {
        Content::Message(message) => incoming(*message).map(Box::new).map(Decoded::Message),
        Content::EditedMessage(message) => incoming(*message).map(Box::new).map(Decoded::Edit),
        Content::Other => None,
    };
    Ok(decoded.unwrap_or(Decoded::Nothing))
}

/// A message that a person wrote to the bot alone.
fn incoming(message: InboundMessage) -> Option<Incoming> {
    if message.chat.kind != ChatKind::Private {
        return None;
    }
    let sender = message.sender.filter(|sender| !sender.is_bot)?;
    Some(Incoming {
        chat_id: message.chat.id,
        customer: profile(sender),
        direction: Direction::Inbound,
        telegram_message_id: message.message_id,
        kind: message.kind.as_str().to_owned(),
        text: message.text.unwrap_or_default(),
        entities: message.entities.map(String::from),
        reply_to: message.reply_to_message_id,
        album_id: None,
        content: domain::message::Content::default(),
    })
}

fn profile(sender: Sender) -> Profile {
    let name = match sender.last_name {
        Some(last_name) => format!("{} {last_name}", sender.first_name).trim().to_owned(),
        None => sender.first_name,
    };
    Profile { kind: CustomerKind::Person, telegram_user_id: sender.id, name, username: sender.username, language_code: sender.language_code }
}

#[cfg(test)]
mod tests {
    use domain::{ChatId, TelegramUserId};
    use serde_json::{Value, json};

    use super::*;

    fn decoded(update: &Value) -> Decoded {
        TelegramUpdates.decode(&update.to_string()).unwrap()
    }

    fn text(kind_of_update: &str, text: &str) -> Value {
        json!({
            "update_id": 1,
            kind_of_update: {
                "message_id": 5, "date": 1_767_225_600, "text": text,
                "chat": {"id": 7, "type": "private"},
                "from": {"id": 7, "is_bot": false, "first_name": "Ada", "last_name": "Lovelace", "language_code": "en"},
                "entities": [{"type": "bold", "offset": 0, "length": 2}],
                "reply_to_message": {"message_id": 4, "date": 1_767_225_500, "chat": {"id": 7, "type": "private"}},
            }
        })
    }

    fn hello() -> Incoming {
        Incoming {
            chat_id: ChatId(7),
            customer: Profile {
                kind: CustomerKind::Person,
                telegram_user_id: TelegramUserId(7),
                name: "Ada Lovelace".to_owned(),
                username: None,
                language_code: Some("en".to_owned()),
            },
            telegram_message_id: 5,
            kind: "text".to_owned(),
            text: "hello".to_owned(),
            entities: Some(r#"[{"length":2,"offset":0,"type":"bold"}]"#.to_owned()),
            reply_to: Some(4),
            direction: Direction::Inbound,
            album_id: None,
            content: domain::message::Content::default(),
        }
    }

    #[test]
    fn what_a_person_writes_is_a_message() {
        assert_eq!(decoded(&text("message", "hello")), Decoded::Message(Box::new(hello())));
    }

    #[test]
    fn what_a_person_changes_is_an_edit() {
        assert_eq!(decoded(&text("edited_message", "hello")), Decoded::Edit(Box::new(hello())));
    }

    #[test]
    fn a_caption_is_the_text_of_what_it_belongs_to() {
        let mut update = text("message", "");
        let message = update["message"].as_object_mut().unwrap();
        message.remove("text");
        message.remove("entities");
        message.insert("photo".to_owned(), json!([{"file_id": "x"}]));
        let Decoded::Message(without_caption) = decoded(&update) else { panic!("not a message") };
        assert_eq!((without_caption.kind.as_str(), without_caption.text.as_str()), ("photo", ""));
        update["message"]["caption"] = json!("my screen");
        let Decoded::Message(with_caption) = decoded(&update) else { panic!("not a message") };
        assert_eq!((with_caption.kind.as_str(), with_caption.text.as_str()), ("photo", "my screen"));
    }

    #[test]
    fn no_character_that_a_database_refuses_gets_through() {
        let Decoded::Message(incoming) = decoded(&text("message", "a\0b")) else { panic!("not a message") };
        assert_eq!(incoming.text, "a\u{fffd}b");
    }

    #[test]
    fn a_person_without_a_last_name_has_no_trailing_space() {
        let mut update = text("message", "hello");
        update["message"]["from"]["last_name"] = json!("");
        let Decoded::Message(incoming) = decoded(&update) else { panic!("not a message") };
        assert_eq!(incoming.sender.name, "Ada");
    }

    #[test]
    fn groups_bots_and_other_events_are_kept_and_not_acted_on() {
        let mut group = text("message", "hello");
        group["message"]["chat"]["type"] = json!("supergroup");
        let mut bot = text("message", "hello");
        bot["message"]["from"]["is_bot"] = json!(true);
        let mut nobody = text("message", "hello");
        nobody["message"].as_object_mut().unwrap().remove("from");
        for update in [group, bot, nobody, text("channel_post", "hello"), json!({"update_id": 1})] {
            assert_eq!(decoded(&update), Decoded::Nothing, "{update}");
        }
    }

    #[test]
    fn what_is_no_update_is_an_error() {
        assert_eq!(TelegramUpdates.decode("[]"), Err("the update is not a JSON object".to_owned()));
    }
}
