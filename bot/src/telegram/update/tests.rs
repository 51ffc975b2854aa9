//! Real updates, odd updates and garbage.

use chrono::DateTime;
use domain::{ChatId, TelegramUserId};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::telegram::RawJson;

fn decode(update: &Value) -> Update {
    Update::decode(&update.to_string()).unwrap()
}

fn message(update: &Value) -> InboundMessage {
    match decode(update).content {
        Content::Message(message) | Content::EditedMessage(message) => *message,
        Content::Other => panic!("not a message: {update}"),
    }
}

fn kind_of(content: &Value) -> String {
    let mut update = json!({"update_id": 1, "message": {
        "message_id": 2, "date": 1_767_225_600, "chat": {"id": 7, "type": "private"},
        "from": {"id": 7}, "future_flag": Value::Null,
    }});
    let fields = content.as_object().unwrap().clone();
    update["message"].as_object_mut().unwrap().extend(fields);
    message(&update).kind.as_str().to_owned()
}

fn text_update() -> Value {
    json!({
        "update_id": 869_551_234,
        "message": {
            "message_id": 31,
            "from": {"id": 7_000_000_001_i64, "is_bot": false, "first_name": "Ada", "last_name": "L",
                     "username": "ada", "language_code": "en", "is_premium": true},
            "chat": {"id": 7_000_000_001_i64, "first_name": "Ada", "type": "private"},
            "date": 1_767_225_600,
            "reply_to_message": {"message_id": 30, "text": "Hello", "date": 1_767_225_500,
                                 "chat": {"id": 7_000_000_001_i64, "type": "private"}},
            "text": "my card does not work 👍",
            "entities": [{"offset": 3, "length": 4, "type": "bold"}]
        }
    })
}

fn button_update() -> Value {
    json!({
        "update_id": 2,
        "callback_query": {
            "id": "4382bfdwdsb323b2d9", "from": {"id": 7, "is_bot": false, "first_name": "Ada"},
            "message": {"message_id": 30, "date": 0, "chat": {"id": -100_500, "type": "supergroup"}},
            "chat_instance": "-3", "data": "csat:5"
        }
    })
}

#[test]
fn a_text_message_is_read_whole() {
    let update = decode(&text_update());
    assert_eq!(update.update_id, 869_551_234);
    assert_eq!(update.kind, "message");
    assert_eq!(update.chat_id, Some(ChatId(7_000_000_001)));
    assert_eq!(update.routing_key, RoutingKey::Chat(ChatId(7_000_000_001)));
    let Content::Message(message) = update.content else {
        panic!("not a message");
    };
    assert_eq!(
        *message,
        InboundMessage {
            chat: Chat { id: ChatId(7_000_000_001), kind: ChatKind::Private },
            message_id: 31,
            sender: Some(Sender {
                id: TelegramUserId(7_000_000_001),
                is_bot: false,
                first_name: "Ada".to_owned(),
                last_name: Some("L".to_owned()),
                username: Some("ada".to_owned()),
                language_code: Some("en".to_owned()),
            }),
            sent_at: DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
            edited_at: None,
            text: Some("my card does not work 👍".to_owned()),
            entities: Some(RawJson::parse(r#"[{"length":4,"offset":3,"type":"bold"}]"#).unwrap()),
            reply_to_message_id: Some(30),
            kind: MessageKind::Text,
        }
    );
}

#[test]
fn an_edit_says_when_it_was_made() {
    let mut update = text_update();
    let mut body = update["message"].take();
    body["edit_date"] = json!(1_767_225_660);
    let edit = decode(&json!({"update_id": 1, "edited_message": body}));
    assert_eq!(edit.kind, "edited_message");
    let Content::EditedMessage(message) = edit.content else {
        panic!("not an edit");
    };
    assert_eq!(message.edited_at, DateTime::from_timestamp(1_767_225_660, 0));
}

#[test]
fn content_is_named_as_the_bot_api_names_it() {
    assert_eq!(kind_of(&json!({"text": ""})), "text");
    assert_eq!(kind_of(&json!({"photo": [], "caption": "x", "media_group_id": "1"})), "photo");
    assert_eq!(kind_of(&json!({"document": {}, "animation": {}})), "animation");
    assert_eq!(kind_of(&json!({"location": {}, "venue": {}})), "venue");
    assert_eq!(kind_of(&json!({"rich_message": {"blocks": []}})), "rich_message");
    assert_eq!(kind_of(&json!({"new_chat_members": []})), "new_chat_members");
    assert_eq!(kind_of(&json!({"hologram": {}})), "hologram");
    assert_eq!(kind_of(&json!({})), "unsupported");
    assert_eq!(kind_of(&json!({"text": 5})), "unsupported");
}

#[test]
fn a_caption_is_the_text_of_a_photo() {
    let mut update = text_update();
    let body = update["message"].as_object_mut().unwrap();
    body.remove("text");
    body.insert("photo".to_owned(), json!([{"file_id": "x"}]));
    body.insert("caption".to_owned(), json!("the receipt"));
    body.insert("caption_entities".to_owned(), json!([]));
    let message = message(&update);
    assert_eq!(message.kind, MessageKind::Named("photo".to_owned()));
    assert_eq!(message.text.as_deref(), Some("the receipt"));
    assert_eq!(message.entities, Some(RawJson::parse("[]").unwrap()));
}

#[test]
fn every_update_has_a_conversation_to_be_in_order_with() {
    let key = |kind: &str, body: Value| {
        let update = decode(&json!({"update_id": 1, kind: body}));
        assert_eq!(update.kind, kind);
        update.routing_key
    };
    let user = RoutingKey::User(TelegramUserId(7));
    let group = RoutingKey::Chat(ChatId(-5));
    let (from, chat) = (json!({"id": 7}), json!({"id": -5}));
    assert_eq!(key("my_chat_member", json!({"from": from, "chat": chat})), group);
    assert_eq!(key("inline_query", json!({"from": from, "query": "x"})), user);
    assert_eq!(key("business_connection", json!({"user": from, "id": "x"})), user);
    assert_eq!(key("poll_answer", json!({"user": from})), user);
    assert_eq!(key("poll_answer", json!({"user": from, "voter_chat": chat})), group);
    assert_eq!(key("callback_query", json!({"from": from, "message": {"chat": chat}})), group);
    assert_eq!(key("callback_query", json!({"from": from, "inline_message_id": "x"})), user);
    assert_eq!(key("poll", json!({"id": "x"})), RoutingKey::Bot);
    assert_eq!(key("from_the_future", json!({"chat": chat})), group);
    assert_eq!(user.as_i64(), 7);
    assert_eq!(RoutingKey::Bot.as_i64(), 0);
}

#[test]
fn an_update_that_is_new_or_broken_is_still_an_update() {
    let other = |update: Value, kind: &str| {
        let update = decode(&update);
        assert_eq!((update.kind.as_str(), &update.content), (kind, &Content::Other));
        update.chat_id
    };
    assert_eq!(other(json!({"update_id": 1}), "none"), None);
    assert_eq!(other(json!({"update_id": 1, "message": "text"}), "message"), None);
    assert_eq!(other(json!({"update_id": 1, "message": {}}), "message"), None);
    assert_eq!(other(json!({"update_id": 1, "message": {"chat": {"id": 7}, "date": 1}}), "message"), Some(ChatId(7)));
    assert_eq!(
        other(json!({"update_id": 1, "message": {"chat": {"id": 7}, "message_id": 1, "date": i64::MAX}}), "message"),
        Some(ChatId(7))
    );
    assert_eq!(other(json!({"update_id": 1, "hologram": {"chat": {"id": 7}}}), "hologram"), Some(ChatId(7)));
    assert_eq!(other(json!({"new": 1, "update_id": 1, "poll": {}}), "poll"), None);
}

#[test]
fn half_a_surrogate_pair_costs_one_character() {
    let raw = text_update().to_string().replace("does", r"\ud83d\u0000");
    let Content::Message(message) = Update::decode(&raw).unwrap().content else {
        panic!("not a message");
    };
    let text = message.text.unwrap();
    assert!(text.starts_with("my card \u{fffd}") && text.ends_with("not work 👍"), "{text}");
    assert!(!text.contains('\0'));
}

#[test]
fn only_what_has_no_number_is_refused() {
    assert_eq!(Update::decode("nonsense"), Err(DecodeError::NotAnObject));
    assert_eq!(Update::decode(r#"{"message":{}}"#), Err(DecodeError::NoUpdateId));
}

#[test]
fn an_update_does_not_show_what_was_written_or_by_whom() {
    let shown = format!("{:?}", decode(&text_update()));
    for private in ["card", "Ada", "ada"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z_]{0,12}".prop_map(Value::from),
    ];
    let names = prop_oneof![
        "[a-z_]{1,12}",
        prop::sample::select(vec![
            "update_id",
            "message",
            "edited_message",
            "chat",
            "from",
            "id",
            "date",
            "message_id",
            "text",
            "entities",
            "caption",
            "photo",
            "reply_to_message",
            "type",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(names.clone(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every place in the value, by JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                places(inner, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn any_object_with_a_number_decodes(mut update in any_json(), update_id in any::<i64>()) {
        prop_assume!(update.is_object());
        update["update_id"] = json!(update_id);
        let decoded = Update::decode(&update.to_string());
        prop_assert_eq!(decoded.map(|update| update.update_id), Ok(update_id));
    }

    #[test]
    fn a_real_update_with_any_part_replaced_decodes(
        update in prop::sample::select(vec![text_update(), button_update()]),
        place in any::<prop::sample::Index>(),
        replacement in any_json(),
    ) {
        let mut found = Vec::new();
        places(&update, "", &mut found);
        let place = place.get(&found);
        prop_assume!(!place.is_empty() && place != "/update_id");
        let mut mutated = update;
        *mutated.pointer_mut(place).unwrap() = replacement;
        prop_assert!(Update::decode(&mutated.to_string()).is_ok());
    }

    #[test]
    fn a_real_update_with_any_byte_replaced_does_not_panic(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut raw = text_update().to_string().into_bytes();
        let place = place.index(raw.len());
        raw[place] = byte;
        _ = Update::decode(&String::from_utf8_lossy(&raw));
    }

    #[test]
    fn a_real_update_cut_short_is_refused(place in any::<prop::sample::Index>()) {
        let raw = text_update().to_string();
        let end = place.index(raw.len());
        let cut = String::from_utf8_lossy(&raw.as_bytes()[..end]).into_owned();
        prop_assert_eq!(Update::decode(&cut), Err(DecodeError::NotAnObject));
    }

    #[test]
    fn garbage_does_not_panic(text in ".{0,200}") {
        _ = Update::decode(&text);
    }
}
