//! What has to be true of the reading beside what the corpus shows.

use desk::intake::{Decode, Decoded};
use desk::message::Incoming;
use domain::customer::Profile;
use domain::message::{Content, Details, Writer};
use domain::{ChatId, CustomerKind, Direction, TelegramUserId, Time};
use serde_json::{Value, json};

use super::TelegramUpdates;
use super::corpus::decoded;

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
        sent_at: Time::from_timestamp(1_767_225_600, 0),
        content: Content::default(),
    }
}

fn message(update: &Value) -> Incoming {
    match decoded(update) {
        Decoded::Message(incoming) => *incoming,
        other => panic!("not a message: {other:?}"),
    }
}

/// A message with this beside what every message has.
fn with(content: &Value) -> Incoming {
    let mut update = text("message", "");
    let fields = update["message"].as_object_mut().unwrap();
    fields.remove("text");
    fields.insert("future_flag".to_owned(), Value::Null);
    fields.extend(content.as_object().unwrap().clone());
    message(&update)
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
fn content_is_named_as_the_bot_api_names_it() {
    let kind_of = |content: Value| with(&content).kind;
    assert_eq!(kind_of(json!({"text": ""})), "text");
    assert_eq!(kind_of(json!({"photo": [], "caption": "x", "media_group_id": "1"})), "photo");
    assert_eq!(kind_of(json!({"document": {}, "animation": {}})), "animation");
    assert_eq!(kind_of(json!({"location": {}, "venue": {}})), "venue");
    assert_eq!(kind_of(json!({"photo": [], "live_photo": {}})), "live_photo");
    assert_eq!(kind_of(json!({"a_flag_to_come": 1, "photo": []})), "photo");
    assert_eq!(kind_of(json!({"hologram": {}})), "hologram");
    assert_eq!(kind_of(json!({})), "unsupported");
    assert_eq!(kind_of(json!({"text": 5})), "unsupported");
}

#[test]
fn what_cannot_be_read_is_shown_as_it_came() {
    for (kind, json) in
        [("photo", r#"[{"width":1}]"#), ("contact", "{}"), ("location", r#"{"latitude":91,"longitude":0}"#)]
    {
        let incoming = with(&json!({ kind: serde_json::from_str::<Value>(json).unwrap() }));
        assert_eq!(incoming.content.details, Some(Details::Unsupported { json: json.to_owned() }), "{kind}");
    }
}

#[test]
fn no_character_that_a_database_refuses_gets_through() {
    assert_eq!(message(&text("message", "a\0b")).text, "a\u{fffd}b");
    let raw = text("message", "half").to_string().replace("half", r"\ud83d\u0000.");
    let Ok(Decoded::Message(incoming)) = TelegramUpdates.decode(&raw) else { panic!("not a message") };
    assert!(incoming.text.starts_with('\u{fffd}') && incoming.text.ends_with("\u{fffd}."), "{}", incoming.text);
}

#[test]
fn a_message_needs_nothing_but_a_chat_and_a_number() {
    let bare = json!({ "update_id": 1, "message": { "message_id": 5, "chat": { "id": 7 } } });
    let incoming = message(&bare);
    assert_eq!((incoming.customer.kind, incoming.customer.name.as_str()), (CustomerKind::Person, "7"));
    let in_a_group = json!({ "update_id": 1, "message": { "message_id": 5, "chat": { "id": -7 } } });
    assert_eq!(message(&in_a_group).customer.kind, CustomerKind::Group);
}

#[test]
fn a_name_without_a_part_has_no_space_too_many() {
    let named = |from: Value| {
        let mut update = text("message", "hello");
        update["message"]["from"] = from;
        message(&update).customer.name
    };
    assert_eq!(named(json!({"id": 7, "first_name": "Ada", "last_name": ""})), "Ada");
    assert_eq!(named(json!({"id": 7, "first_name": "", "username": "ada"})), "ada");
    assert_eq!(named(json!({"id": 7})), "7");
}

#[test]
fn in_a_group_everybody_is_one_customer_and_each_message_says_who_wrote_it() {
    let mut update = text("message", "hello");
    update["message"]["chat"] = json!({"id": -5, "type": "supergroup", "title": "Customers"});
    let incoming = message(&update);
    assert_eq!((incoming.customer.kind, incoming.customer.telegram_user_id), (CustomerKind::Group, TelegramUserId(-5)));
    assert_eq!(incoming.customer.name, "Customers");
    let ada = Writer { telegram_id: 7, name: "Ada Lovelace".to_owned(), username: None };
    assert_eq!(incoming.content.writer, Some(ada));
}

#[test]
fn a_chain_of_replies_is_no_topic() {
    let topic = |content: Value| with(&content).content.thread.message_thread_id;
    assert_eq!(topic(json!({"message_thread_id": 9, "is_topic_message": true})), Some(9));
    assert_eq!(topic(json!({"message_thread_id": 9})), None);
}

#[test]
fn what_no_person_said_opens_no_conversation() {
    let mut bot = text("message", "hello");
    bot["message"]["from"]["is_bot"] = json!(true);
    assert!(matches!(decoded(&bot), Decoded::Activity(_)));
    let mut edited = text("edited_message", "hello");
    edited["edited_message"]["from"]["is_bot"] = json!(true);
    assert_eq!(decoded(&edited), Decoded::Nothing);
    let mut ours = bot;
    ours["message"]["from"]["id"] = json!(1001);
    assert_eq!(decoded(&ours), Decoded::Nothing);
    assert_eq!(decoded(&json!({"update_id": 1})), Decoded::Nothing);
}

#[test]
fn what_is_no_update_is_an_error() {
    assert_eq!(TelegramUpdates.decode("[]"), Err("the update is not a JSON object".to_owned()));
    assert_eq!(TelegramUpdates.decode(r#"{"message":{}}"#), Err("the update has no update_id".to_owned()));
}
