//! Where updates belong, however odd they are.

use domain::{ChatId, TelegramUserId};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn decode(update: &Value) -> Update {
    Update::decode(&update.to_string()).unwrap()
}

fn update(kind: &str, body: Value) -> Update {
    let update = decode(&json!({ "update_id": 1, kind: body }));
    assert_eq!(update.kind, kind);
    update
}

#[test]
fn every_update_has_a_conversation_to_be_in_order_with() {
    let key = |kind: &str, body: Value| update(kind, body).routing_key;
    let user = RoutingKey::User(TelegramUserId(7));
    let group = RoutingKey::Chat(ChatId(-5));
    let (from, chat) = (json!({"id": 7}), json!({"id": -5}));
    assert_eq!(key("message", json!({"from": from, "chat": chat})), group);
    assert_eq!(key("my_chat_member", json!({"from": from, "chat": chat})), group);
    assert_eq!(key("deleted_business_messages", json!({"chat": chat})), group);
    assert_eq!(key("inline_query", json!({"from": from, "query": "x"})), user);
    assert_eq!(key("business_connection", json!({"user": from, "id": "x"})), user);
    assert_eq!(key("poll_answer", json!({"user": from})), user);
    assert_eq!(key("poll_answer", json!({"user": from, "voter_chat": chat})), group);
    assert_eq!(key("poll", json!({"id": "x"})), RoutingKey::Bot);
    assert_eq!(key("from_the_future", json!({"chat": chat})), group);
    assert_eq!(key("from_the_future", json!({})), RoutingKey::Bot);
    assert_eq!(user.as_i64(), 7);
    assert_eq!(RoutingKey::Bot.as_i64(), 0);
}

#[test]
fn every_tap_has_a_conversation_to_itself_that_no_chat_has() {
    let key = |id: Value| {
        update("callback_query", json!({"id": id, "from": {"id": 7}, "message": {"chat": {"id": 7}}})).routing_key
    };
    let (one, other) = (key(json!("4382710847105")), key(json!("4382710847106")));
    assert_ne!(one.as_i64(), other.as_i64());
    assert_eq!(one, key(json!("4382710847105")));
    for key in [one, other, key(json!(null)), RoutingKey::Tap(0), RoutingKey::Tap(u64::MAX)] {
        assert!(key.as_i64() < -(1 << 52), "{key:?}");
    }
}

#[test]
fn an_update_is_that_of_the_customer_or_else_of_whoever_did_it() {
    let of = |kind: &str, body: Value| update(kind, body).user_id.map(|TelegramUserId(id)| id);
    let (from, private, group) =
        (json!({"id": 7}), json!({"id": 8, "type": "private"}), json!({"id": -5, "type": "group"}));
    // The owner of a business account writes to a customer.
    assert_eq!(of("business_message", json!({"from": from, "chat": private})), Some(8));
    assert_eq!(of("deleted_business_messages", json!({"chat": private})), Some(8));
    // An administrator of a channel answers in its direct messages.
    let topic = json!({"topic_id": 9, "user": {"id": 9}});
    assert_eq!(of("message", json!({"from": from, "chat": group, "direct_messages_topic": topic})), Some(9));
    assert_eq!(of("message", json!({"from": from, "chat": group})), Some(7));
    // Who writes in the name of a chat only seems to be a user.
    assert_eq!(of("message", json!({"from": from, "chat": group, "sender_chat": group})), None);
    assert_eq!(of("poll_answer", json!({"user": from, "voter_chat": group})), None);
    // Two other people talk in the chat that a guest bot is called from.
    assert_eq!(of("guest_message", json!({"from": from, "chat": private})), Some(7));
    assert_eq!(of("callback_query", json!({"from": from, "message": {"chat": private}})), Some(7));
    assert_eq!(of("chat_boost", json!({"chat": group, "boost": {"source": {"user": from}}})), Some(7));
    assert_eq!(of("removed_chat_boost", json!({"chat": group, "source": {"user": from}})), Some(7));
    assert_eq!(of("poll", json!({"id": "x"})), None);
}

#[test]
fn an_update_that_is_new_or_broken_is_still_an_update() {
    assert_eq!(decode(&json!({"update_id": 1})).kind, "none");
    assert_eq!(decode(&json!({"update_id": 1, "message": "text"})).routing_key, RoutingKey::Bot);
    assert_eq!(decode(&json!({"new": 1, "update_id": 1, "poll": {}})).kind, "poll");
    assert_eq!(decode(&json!({"hologram": {}, "update_id": 2})).kind, "hologram");
}

#[test]
fn only_what_has_no_number_is_refused() {
    assert_eq!(Update::decode("nonsense"), Err(DecodeError::NotAnObject));
    assert_eq!(Update::decode(r#"{"message":{}}"#), Err(DecodeError::NoUpdateId));
}

proptest! {
    #[test]
    fn an_update_cut_short_is_refused(place in any::<prop::sample::Index>()) {
        let raw = json!({"update_id": 1, "message": {"message_id": 5, "chat": {"id": 7}, "text": "a 👍"}}).to_string();
        let end = place.index(raw.len());
        let cut = String::from_utf8_lossy(&raw.as_bytes()[..end]).into_owned();
        prop_assert_eq!(Update::decode(&cut), Err(DecodeError::NotAnObject));
    }
}
