//! The fake takes calls in every form that Telegram does, and answers as Telegram would.

use bot::{fake::FakeBotApi, telegram::Attempt};
use domain::ChatId;
use serde_json::json;

use crate::{
    calls::{description, result},
    stage::{CUSTOMER, PATIENCE, Stage, token},
};

#[tokio::test]
async fn a_call_may_be_a_query_a_form_or_json_in_any_case() {
    let stage = Stage::new().await;
    let address = |method: &str| format!("{}/bot{}/{method}", stage.api.api_url(), stage.token.expose_secret());
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let query = format!("{}?chat_id={CUSTOMER}&text=a%20query", address("sendmessage"), CUSTOMER = CUSTOMER.0);
    let form = format!("chat_id={}&text=a+form", CUSTOMER.0);
    let requests = [
        http.get(query),
        http.post(address("SENDMESSAGE")).header("Content-Type", "application/x-www-form-urlencoded").body(form),
        http.post(address("SendMessage"))
            .header("Content-Type", "application/json")
            .body(json!({"chat_id": CUSTOMER.0.to_string(), "text": "a body"}).to_string()),
    ];
    for request in requests {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
    }
    assert_eq!(stage.received(), ["a query", "a form", "a body"]);
    assert_eq!(stage.api.ledger().calls("sendMessage"), 3);

    let elsewhere = http.get(format!("{}/health", stage.api.api_url()));
    assert_eq!(elsewhere.send().await.expect("an answer").status(), 404);
}

#[tokio::test]
async fn every_send_makes_a_message_with_a_number_of_its_own() {
    let stage = Stage::new().await;
    let chat_id = CUSTOMER.0;
    let mut numbers = Vec::new();
    for (method, payload, field) in [
        ("sendMessage", json!({"chat_id": chat_id, "text": "a"}), "text"),
        ("sendPhoto", json!({"chat_id": chat_id, "photo": "F", "caption": "b"}), "photo"),
        ("sendVoice", json!({"chat_id": chat_id, "voice": "F"}), "voice"),
        ("sendLocation", json!({"chat_id": chat_id, "latitude": 1.5, "longitude": 2}), "location"),
        ("sendDice", json!({"chat_id": chat_id}), "dice"),
        ("copyMessage", json!({"chat_id": chat_id, "from_chat_id": 5, "message_id": 1}), "message_id"),
    ] {
        let message = result(&stage, method, payload).await;
        assert!(message.get(field).is_some(), "{method}: {message}");
        numbers.push(message["message_id"].as_i64().expect("a number"));
    }
    let album = json!({"chat_id": chat_id, "media": [
        {"type": "photo", "media": "F", "caption": "c"}, {"type": "photo", "media": "G"},
    ]});
    let album = result(&stage, "sendMediaGroup", album).await;
    numbers.extend(album.as_array().expect("a list").iter().filter_map(|item| item["message_id"].as_i64()));
    assert_eq!(numbers, (numbers[0]..numbers[0] + 8).collect::<Vec<_>>());
    assert_eq!(stage.received(), ["a", "b", "c"]);

    assert_eq!(result(&stage, "sendChatAction", json!({"chat_id": chat_id, "action": "typing"})).await, true);
    assert_eq!(stage.api.ledger().sends().count(), 7, "that is no message");
}

#[tokio::test]
async fn what_telegram_refuses_is_refused_in_its_words() {
    let stage = Stage::new().await;
    let chat_id = CUSTOMER.0;
    for (method, payload, words) in [
        ("sendMessage", json!({"text": "a"}), "chat_id is empty"),
        ("sendMessage", json!({"chat_id": "@nobody", "text": "a"}), "chat not found"),
        ("sendMessage", json!({"chat_id": chat_id}), "message text is empty"),
        ("sendPhoto", json!({"chat_id": chat_id}), "there is no photo in the request"),
        (
            "sendPhoto",
            json!({"chat_id": chat_id, "photo": "F", "caption": "x".repeat(1025)}),
            "message caption is too long",
        ),
        ("editMessageText", json!({"chat_id": chat_id, "text": "a"}), "message identifier is not specified"),
        ("setWebhook", json!({"url": "nonsense"}), "bad webhook: an HTTP URL must be provided"),
        (
            "setWebhook",
            json!({"url": "http://localhost", "secret_token": "a b"}),
            "secret token contains unallowed characters",
        ),
    ] {
        assert_eq!(description(&stage, method, payload).await, format!("Bad Request: {words}"));
    }
    assert_eq!(stage.api.ledger().entries().count(), 0);
    assert_eq!(stage.api.ledger().refused_with(400), 8);
}

#[tokio::test]
async fn edits_and_deletions_change_what_is_shown() {
    let stage = Stage::new().await;
    let sent = result(&stage, "sendMessage", json!({"chat_id": CUSTOMER.0, "text": "a"})).await;
    let message_id = sent["message_id"].as_i64().expect("a number");
    let with_text = |text: &str| json!({"chat_id": CUSTOMER.0, "message_id": message_id, "text": text});

    let same = description(&stage, "editMessageText", with_text("a")).await;
    assert!(same.contains("message is not modified"), "{same}");
    let edited = result(&stage, "editMessageText", with_text("b")).await;
    assert_eq!((&edited["text"], &edited["message_id"]), (&json!("b"), &json!(message_id)));
    assert!(edited["edit_date"].is_i64());

    let this = json!({"chat_id": CUSTOMER.0, "message_id": message_id});
    assert_eq!(result(&stage, "pinChatMessage", this.clone()).await, true);
    let same = description(&stage, "editMessageText", with_text("b")).await;
    assert!(same.contains("message is not modified"), "{same}");
    assert_eq!(result(&stage, "deleteMessage", this.clone()).await, true);
    let gone = description(&stage, "editMessageText", with_text("c")).await;
    assert_eq!(gone, "Bad Request: message to edit not found");
    let gone = description(&stage, "deleteMessage", this).await;
    assert_eq!(gone, "Bad Request: message to delete not found");

    let ledger = stage.api.ledger();
    let methods: Vec<_> = ledger.entries().map(|entry| entry.method.as_str()).collect();
    assert_eq!(methods, ["sendMessage", "editMessageText", "pinChatMessage", "deleteMessage"]);
    assert_eq!(stage.received(), ["a"], "what was sent stays in the ledger");
}

#[tokio::test]
async fn a_fake_that_forgets_takes_unknown_messages_for_forgotten_ones() {
    let stage = Stage::with(FakeBotApi::builder().ledger_capacity(10)).await;
    let edit = json!({"chat_id": CUSTOMER.0, "message_id": 4000, "text": "a"});
    assert_eq!(result(&stage, "editMessageText", edit).await["message_id"], 4000);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_sends_enter_the_ledger_in_the_order_of_their_numbers() {
    let stage = Stage::new().await;
    let sends = (0..50).map(|number| {
        let (client, endpoint) = (stage.client.clone(), stage.endpoint.clone());
        let payload = json!({"chat_id": 100 + number % 5, "text": number.to_string()});
        let raw = serde_json::value::to_raw_value(&payload).expect("JSON");
        tokio::spawn(async move { client.send_raw(&endpoint, "sendMessage", &raw, PATIENCE).await })
    });
    for send in sends.collect::<Vec<_>>() {
        assert!(matches!(send.await, Ok(Attempt::Sent { .. })));
    }
    let ledger = stage.api.ledger();
    let numbers: Vec<_> = ledger.sends().map(|entry| entry.message_id).collect();
    assert_eq!(numbers.len(), 50);
    assert!(numbers.is_sorted(), "{numbers:?}");
}

#[tokio::test]
async fn every_bot_has_its_own_chats_and_a_ledger_with_a_limit_forgets() {
    let stage = Stage::with(FakeBotApi::builder().any_token().ledger_capacity(2)).await;
    let other = stage.api.endpoint(&token(1002));
    for text in ["a", "b", "c"] {
        let payload = json!({"chat_id": CUSTOMER.0, "text": text});
        let raw = serde_json::value::to_raw_value(&payload).expect("JSON");
        stage.client.send_raw(&other, "sendMessage", &raw, PATIENCE).await;
    }
    let ledger = stage.api.ledger();
    assert!(ledger.sends().all(|entry| entry.bot == other.token().bot_id()));
    assert_eq!(ledger.texts_to(CUSTOMER), ["b", "c"]);
    assert_eq!(ledger.forgotten(), 1);
    assert!(ledger.texts_to(ChatId(5)).is_empty());
}
