//! A chat is as the people in it see it.

use bot::{
    fake::{Allowance, FakeBotApi, SendingLimits},
    telegram::Attempt,
};
use chrono::{DateTime, TimeDelta};
use domain::ChatId;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use crate::{
    calls::{call, description, result},
    stage::{CUSTOMER, Stage, customer},
};

fn about(message: &Value, more: Value) -> Value {
    let mut payload = json!({"chat_id": CUSTOMER.0, "message_id": message["message_id"]});
    for (name, value) in more.as_object().expect("an object") {
        payload[name] = value.clone();
    }
    payload
}

#[tokio::test]
async fn edits_of_each_kind_change_what_is_shown() {
    let stage = Stage::new().await;
    let keyboard = |label: &str| json!({"inline_keyboard": [[{"text": label, "callback_data": "x"}]]});
    let text = json!({"chat_id": CUSTOMER.0, "text": "a", "reply_markup": keyboard("yes")});
    let text = result(&stage, "sendMessage", text).await;
    let photo = result(&stage, "sendPhoto", json!({"chat_id": CUSTOMER.0, "photo": "F", "caption": "c"})).await;
    assert_eq!(stage.shown()[0].buttons(), [[("yes", Some("x"))]]);

    result(&stage, "editMessageReplyMarkup", about(&text, json!({"reply_markup": keyboard("no")}))).await;
    assert_eq!(stage.shown()[0].buttons(), [[("no", Some("x"))]]);
    result(&stage, "editMessageText", about(&text, json!({"text": "a"}))).await;
    assert!(stage.shown()[0].buttons().is_empty(), "an edit without buttons takes them away");
    let bold = json!([{"type": "bold", "offset": 0, "length": 1}]);
    result(&stage, "editMessageText", about(&text, json!({"text": "a", "entities": bold}))).await;
    assert_eq!(stage.shown()[0].json["entities"], bold);
    result(&stage, "editMessageCaption", about(&photo, json!({"caption": "d"}))).await;
    assert_eq!(stage.shown()[1].text(), Some("d"));
    let media = json!({"media": {"type": "document", "media": "G", "caption": "e"}});
    result(&stage, "editMessageMedia", about(&photo, media.clone())).await;
    let shown = &stage.shown()[1];
    assert_eq!((shown.text(), shown.file_id(), shown.json.get("photo")), (Some("e"), Some("G"), None));

    for (method, message, more, words) in [
        ("editMessageText", &text, json!({"text": "a", "entities": bold}), "message is not modified"),
        ("editMessageMedia", &photo, media, "message is not modified"),
        ("editMessageText", &photo, json!({"text": "a"}), "there is no text in the message to edit"),
        ("editMessageCaption", &text, json!({"caption": "a"}), "there is no caption in the message to edit"),
        ("editMessageText", &json!({"message_id": 4000}), json!({"text": "a"}), "message to edit not found"),
    ] {
        let refused = description(&stage, method, about(message, more)).await;
        assert!(refused.contains(words), "{method}: {refused}");
    }
}

#[tokio::test]
async fn what_the_customer_wrote_cannot_be_edited_and_can_be_answered() {
    let stage = Stage::new().await;
    stage.hear(CUSTOMER.0, "hello").await;
    let theirs = json!({"message_id": stage.shown()[0].message_id});
    let refused = description(&stage, "editMessageText", about(&theirs, json!({"text": "a"}))).await;
    assert_eq!(refused, "Bad Request: message can't be edited");

    let answer = |more: Value| {
        let mut reply = json!({"message_id": theirs["message_id"]});
        reply.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"chat_id": CUSTOMER.0, "text": "hi", "reply_parameters": reply})
    };
    let sent = result(&stage, "sendMessage", answer(json!({"quote": "ell"}))).await;
    assert_eq!(sent["reply_to_message"]["text"], "hello");
    assert_eq!(stage.shown()[1].reply_to(), theirs["message_id"].as_i64());
    let refused = description(&stage, "sendMessage", answer(json!({"quote": "else"}))).await;
    assert_eq!(refused, "Bad Request: QUOTE_TEXT_INVALID");
    let refused = description(&stage, "sendMessage", answer(json!({"message_id": 4000}))).await;
    assert_eq!(refused, "Bad Request: message to be replied not found");
    let without = answer(json!({"message_id": 4000, "allow_sending_without_reply": true}));
    assert!(result(&stage, "sendMessage", without).await.get("reply_to_message").is_none());
}

#[tokio::test]
async fn messages_can_be_deleted_for_two_days() {
    let seconds = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&seconds);
    let start = DateTime::from_timestamp(1_767_225_600, 0).expect("a date");
    let clock = move || start + TimeDelta::seconds(passed.load(Ordering::Relaxed));
    let stage = Stage::with(FakeBotApi::builder().clock(clock)).await;
    let mut sent = Vec::new();
    for text in ["a", "b", "c"] {
        sent.push(result(&stage, "sendMessage", json!({"chat_id": CUSTOMER.0, "text": text})).await);
    }
    seconds.store(48 * 60 * 60, Ordering::Relaxed);
    assert_eq!(result(&stage, "deleteMessage", about(&sent[0], json!({}))).await, true);
    let both = json!({"chat_id": CUSTOMER.0, "message_ids": [sent[0]["message_id"], sent[1]["message_id"], 4000]});
    assert_eq!(result(&stage, "deleteMessages", both).await, true);
    seconds.store(48 * 60 * 60 + 1, Ordering::Relaxed);
    let refused = description(&stage, "deleteMessage", about(&sent[2], json!({}))).await;
    assert_eq!(refused, "Bad Request: message can't be deleted");
    let deleted: Vec<_> = stage.shown().iter().map(|message| message.deleted).collect();
    assert_eq!(deleted, [true, true, false]);
}

#[tokio::test]
async fn pins_and_reactions_show() {
    let stage = Stage::new().await;
    stage.hear(CUSTOMER.0, "hello").await;
    let theirs = json!({"message_id": stage.shown()[0].message_id});
    assert_eq!(result(&stage, "pinChatMessage", about(&theirs, json!({}))).await, true);
    assert!(stage.shown()[0].pinned);
    assert_eq!(result(&stage, "unpinChatMessage", json!({"chat_id": CUSTOMER.0})).await, true);
    assert!(!stage.shown()[0].pinned);
    let refused = description(&stage, "unpinChatMessage", json!({"chat_id": CUSTOMER.0})).await;
    assert_eq!(refused, "Bad Request: message to unpin not found");
    let nowhere = json!({"chat_id": CUSTOMER.0, "message_id": 4000});
    assert_eq!(description(&stage, "pinChatMessage", nowhere).await, "Bad Request: message to pin not found");

    let thumb = json!([{"type": "emoji", "emoji": "👍"}]);
    assert_eq!(result(&stage, "setMessageReaction", about(&theirs, json!({"reaction": thumb}))).await, true);
    assert_eq!(stage.shown()[0].json["reaction"], thumb);
    let two = json!({"reaction": [thumb[0], thumb[0]]});
    assert_eq!(description(&stage, "setMessageReaction", about(&theirs, two)).await, "Bad Request: REACTIONS_TOO_MANY");
}

#[tokio::test]
async fn a_tap_is_answered_once() {
    let stage = Stage::new().await;
    let tap = json!({"callback_query": {"id": "77", "from": customer("Ada").to_user(), "chat_instance": "1",
        "message": {"message_id": 5, "date": 1, "chat": customer("Ada").to_chat()}, "data": "x"}});
    stage.api.push_raw_update(stage.bot(), &tap.to_string()).await.expect("an update");
    let answer = |id: &str| json!({"callback_query_id": id, "text": "done"});
    assert_eq!(result(&stage, "answerCallbackQuery", answer("77")).await, true);
    for id in ["77", "78"] {
        let refused = description(&stage, "answerCallbackQuery", answer(id)).await;
        assert!(refused.starts_with("Bad Request: query is too old"), "{refused}");
    }
    let ledger = stage.api.ledger();
    assert_eq!(ledger.callback_answers(), [("77", Some("done"))]);
    assert_eq!(ledger.entries().next().map(|entry| (entry.chat_id, entry.message_id)), Some((CUSTOMER, 5)));
}

#[tokio::test]
async fn commands_have_a_list_for_each_scope_and_language() {
    let stage = Stage::new().await;
    let list = |name: &str| json!([{"command": name, "description": "what it does"}]);
    result(&stage, "setMyCommands", json!({"commands": list("start")})).await;
    result(&stage, "setMyCommands", json!({"commands": list("los"), "language_code": "de"})).await;
    let scope = json!({"type": "all_private_chats"});
    result(&stage, "setMyCommands", json!({"commands": list("here"), "scope": scope})).await;
    let commands = async |payload: Value| result(&stage, "getMyCommands", payload).await[0]["command"].clone();
    assert_eq!(commands(json!({})).await, "start");
    assert_eq!(commands(json!({"language_code": "de"})).await, "los");
    assert_eq!(commands(json!({"scope": scope})).await, "here");
    result(&stage, "deleteMyCommands", json!({"language_code": "de"})).await;
    assert_eq!(commands(json!({"language_code": "de"})).await, Value::Null);
    for name in ["", "Start", "with space"] {
        let refused = description(&stage, "setMyCommands", json!({"commands": list(name)})).await;
        assert_eq!(refused, "Bad Request: BOT_COMMAND_INVALID");
    }
}

#[tokio::test]
async fn a_customer_blocks_and_comes_back_in_the_order_of_the_clock() {
    let stage = Stage::new().await;
    let ada = customer("Ada");
    stage.api.customer_blocks(stage.bot(), &ada, true).await.expect("memory is available");
    assert!(matches!(stage.send("a").await, Attempt::Blocked { .. }));
    let name = result(&stage, "getChat", json!({"chat_id": CUSTOMER.0})).await;
    assert_eq!((&name["first_name"], &name["type"]), (&json!("Ada"), &json!("private")));
    stage.api.customer_blocks(stage.bot(), &ada, false).await.expect("memory is available");
    assert!(matches!(stage.send("a").await, Attempt::Sent { .. }));

    let change = |status: &str, date: i64| {
        json!({"my_chat_member": {"chat": ada.to_chat(), "from": ada.to_user(), "date": date,
            "old_chat_member": {}, "new_chat_member": {"status": status}}})
    };
    for update in [change("member", 4_000_000_000), change("kicked", 3_999_999_999)] {
        stage.api.push_raw_update(stage.bot(), &update.to_string()).await.expect("an update");
    }
    assert!(matches!(stage.send("b").await, Attempt::Sent { .. }), "the block is older");
}

#[tokio::test]
async fn a_group_that_becomes_a_supergroup_says_so_in_both_chats() {
    let stage = Stage::new().await;
    let (from, to) = (ChatId(-500), ChatId(-1_001_234_567_890));
    stage.api.migrate_group(stage.bot(), from, to, "Team").await.expect("memory is available");
    let attempt = call(&stage, "sendMessage", json!({"chat_id": from.0, "text": "a"})).await;
    assert_eq!(attempt, Attempt::Migrated { to_chat_id: to });
    assert_eq!(stage.api.chat(stage.bot(), from)[0].json["migrate_to_chat_id"], to.0);
    assert_eq!(stage.api.chat(stage.bot(), to)[0].json["migrate_from_chat_id"], from.0);
    let sent = result(&stage, "sendMessage", json!({"chat_id": to.0, "text": "a"})).await;
    assert_eq!(sent["chat"]["title"], "Team");
}

#[tokio::test]
async fn no_number_is_given_that_an_update_brought() {
    let stage = Stage::new().await;
    let brought = json!({"message": {"message_id": 2, "chat": {"id": CUSTOMER.0, "type": "private"}, "date": 1}});
    stage.api.push_raw_update(stage.bot(), &brought.to_string()).await.expect("an update");
    for expected in [1, 3] {
        let sent = result(&stage, "sendMessage", json!({"chat_id": CUSTOMER.0, "text": "a"})).await;
        assert_eq!(sent["message_id"], expected);
    }
}

#[tokio::test]
async fn the_place_within_a_chat_is_kept() {
    let stage = Stage::new().await;
    let payload = json!({"chat_id": CUSTOMER.0, "text": "a", "business_connection_id": "B", "message_thread_id": 5,
        "direct_messages_topic_id": 6});
    let sent = result(&stage, "sendMessage", payload).await;
    assert_eq!(sent["business_connection_id"], "B");
    assert_eq!(sent["message_thread_id"], 5);
    assert_eq!(sent["direct_messages_topic"]["topic_id"], 6);
    let ledger = stage.api.ledger();
    let entry = ledger.sends().next().expect("an entry");
    assert_eq!(entry.business_connection_id(), Some("B"));
    assert_eq!((entry.message_thread_id(), entry.direct_messages_topic_id()), (Some(5), Some(6)));

    let ended = json!({"business_connection": {"id": "B", "is_enabled": false}});
    stage.api.push_raw_update(stage.bot(), &ended.to_string()).await.expect("an update");
    let payload = json!({"chat_id": CUSTOMER.0, "text": "a", "business_connection_id": "B"});
    assert_eq!(description(&stage, "sendMessage", payload).await, "Bad Request: BUSINESS_CONNECTION_INVALID");
}

#[tokio::test]
async fn formatting_and_buttons_are_checked_as_telegram_checks_them() {
    let stage = Stage::new().await;
    let entity = |offset: i64, length: i64| json!([{"type": "bold", "offset": offset, "length": length}]);
    for (more, words) in [
        (json!({"entities": entity(0, 6)}), "ends after the end of the text"),
        (json!({"entities": entity(2, 1)}), "begins in the middle of a UTF-16 symbol"),
        (
            json!({"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é".repeat(33)}]]}}),
            "BUTTON_DATA_",
        ),
        (json!({"reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}), "text buttons are unallowed"),
        (json!({"reply_markup": "x"}), "object expected as reply markup"),
    ] {
        let mut payload = json!({"chat_id": CUSTOMER.0, "text": "a👍bc"});
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let refused = description(&stage, "sendMessage", payload).await;
        assert!(refused.contains(words), "{refused}");
    }
}

#[tokio::test]
async fn messages_are_copied_and_forwarded_with_what_they_say() {
    let stage = Stage::new().await;
    let sent = result(&stage, "sendPhoto", json!({"chat_id": CUSTOMER.0, "photo": "F", "caption": "c"})).await;
    let from = json!({"chat_id": 5, "from_chat_id": CUSTOMER.0, "message_id": sent["message_id"]});
    result(&stage, "copyMessage", from.clone()).await;
    let forwarded = result(&stage, "forwardMessage", from.clone()).await;
    assert_eq!(forwarded["forward_origin"]["type"], "user");
    let chat = stage.api.chat(stage.bot(), ChatId(5));
    assert!(chat.iter().all(|message| message.text() == Some("c") && message.file_id() == Some("F")), "{chat:?}");
    result(&stage, "deleteMessage", about(&sent, json!({}))).await;
    assert_eq!(description(&stage, "copyMessage", from).await, "Bad Request: message to copy not found");
}

#[tokio::test]
async fn a_bot_that_sends_too_fast_has_to_wait_when_limits_are_on() {
    let chat = Allowance { burst: 2, interval: Duration::from_secs(600) };
    let limits = SendingLimits { chat, ..SendingLimits::default() };
    let stage = Stage::with(FakeBotApi::builder().sending_limits(limits)).await;
    assert!(matches!(stage.send("1").await, Attempt::Sent { .. }));
    assert!(matches!(stage.send("2").await, Attempt::Sent { .. }));
    let Attempt::RetryAfter(wait) = stage.send("3").await else {
        panic!("not limited");
    };
    assert!(wait > Duration::from_secs(590) && wait <= Duration::from_secs(600), "{wait:?}");
    let elsewhere = call(&stage, "sendMessage", json!({"chat_id": 5, "text": "a"})).await;
    assert!(matches!(elsewhere, Attempt::Sent { .. }), "{elsewhere:?}");
    assert_eq!(stage.received(), ["1", "2"]);
}

#[tokio::test]
async fn what_was_said_can_be_forgotten() {
    let stage = Stage::with(FakeBotApi::builder().ledger_capacity(100)).await;
    stage.hear(CUSTOMER.0, "hello").await;
    let sent = result(&stage, "sendMessage", json!({"chat_id": CUSTOMER.0, "text": "hi"})).await;
    let file = stage.api.file_for_bot(stage.bot(), "document", "a.txt", "text/plain", &b"secret"[..]);
    let file_id = file["file_id"].as_str().unwrap();
    assert_eq!(stage.shown().len(), 2);

    stage.api.forget();
    assert!(stage.shown().is_empty());
    assert_eq!(stage.api.ledger().entries().count(), 0);
    assert!(stage.api.file(stage.bot(), file_id).is_none());
    let later = result(&stage, "sendMessage", json!({"chat_id": CUSTOMER.0, "text": "again"})).await;
    assert!(later["message_id"].as_i64() > sent["message_id"].as_i64(), "the numbers go on");
}
