//! Every answer of the Bot API is understood for what it means.

use bot::{
    fake::ChatState,
    telegram::{Attempt, BlockKind, CallError, RawJson, RefusalKind},
};
use domain::ChatId;
use serde_json::json;
use teloxide::payloads::SendMessage;

use crate::{
    odd_server,
    stage::{CUSTOMER, PATIENCE, Stage, token},
};

fn refusal(attempt: Attempt) -> (RefusalKind, String) {
    match attempt {
        Attempt::Refused { kind, description, .. } => (kind, description),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_sent_message_is_in_the_ledger_under_its_number() {
    let stage = Stage::new().await;
    let Attempt::Sent { message_id, result } = stage.send("hello").await else {
        panic!("not sent");
    };
    let ledger = stage.api.ledger();
    let entry = ledger.sends().next().expect("an entry");
    assert_eq!(message_id, Some(entry.message_id));
    assert_eq!(entry.method, "sendMessage");
    assert_eq!(entry.chat_id, CUSTOMER);
    assert_eq!(entry.text.as_deref(), Some("hello"));
    let result = result.expect("a readable result");
    let result: serde_json::Value = serde_json::from_str(result.as_str()).expect("JSON");
    assert_eq!(result["text"], "hello");
    assert_eq!(result["chat"]["type"], "private");
}

#[tokio::test]
async fn a_stored_payload_is_sent_as_it_was_stored() {
    let stage = Stage::new().await;
    let payload = json!({
        "chat_id": CUSTOMER.0,
        "text": "bold",
        "entities": [{"type": "bold", "offset": 0, "length": 4}],
    });
    let raw = serde_json::value::to_raw_value(&payload).expect("JSON");
    let attempt = stage.client.send_raw(&stage.endpoint, "sendMessage", &raw, PATIENCE).await;
    assert!(matches!(attempt, Attempt::Sent { .. }), "{attempt:?}");
    let ledger = stage.api.ledger();
    assert_eq!(ledger.sends().next().expect("an entry").payload, payload);
}

#[tokio::test]
async fn texts_that_telegram_refuses_are_refused() {
    let stage = Stage::new().await;
    let (kind, description) = refusal(stage.send("  \n ").await);
    assert_eq!(kind, RefusalKind::TextEmpty);
    assert_eq!(description, "Bad Request: message text is empty");
    let (kind, _) = refusal(stage.send(&"👍".repeat(2049)).await);
    assert_eq!(kind, RefusalKind::TooLong);
    let longest = "👍".repeat(2048);
    assert!(matches!(stage.send(&longest).await, Attempt::Sent { .. }));
    assert_eq!(stage.received(), [longest]);
    assert_eq!(stage.api.ledger().refused_with(400), 2);
}

#[tokio::test]
async fn a_chat_that_takes_no_messages_says_why() {
    let stage = Stage::new().await;
    for (state, kind) in [
        (ChatState::BlockedByUser, BlockKind::BlockedByUser),
        (ChatState::Deactivated, BlockKind::UserDeactivated),
        (ChatState::Kicked, BlockKind::Kicked),
    ] {
        stage.api.set_chat_state(stage.bot(), CUSTOMER, state);
        match stage.send("hello").await {
            Attempt::Blocked { kind: found, .. } => assert_eq!(found, kind),
            other => panic!("{state:?}: {other:?}"),
        }
    }
    stage.api.set_chat_state(stage.bot(), CUSTOMER, ChatState::NotFound);
    assert_eq!(refusal(stage.send("hello").await).0, RefusalKind::ChatNotFound);
    let to = ChatId(-1_001_234_567_890);
    stage.api.set_chat_state(stage.bot(), CUSTOMER, ChatState::Migrated { to });
    assert_eq!(stage.send("hello").await, Attempt::Migrated { to_chat_id: to });
    assert!(stage.received().is_empty());
    assert_eq!(stage.api.ledger().refused(), 5);
}

#[tokio::test]
async fn a_customer_who_writes_again_is_no_longer_blocked() {
    let stage = Stage::new().await;
    stage.api.set_chat_state(stage.bot(), CUSTOMER, ChatState::BlockedByUser);
    stage.hear(CUSTOMER.0, "I am back").await;
    assert!(matches!(stage.send("welcome").await, Attempt::Sent { .. }));
}

#[tokio::test]
async fn a_revoked_token_is_unauthorized_everywhere() {
    let stage = Stage::new().await;
    stage.api.revoke(&stage.token);
    assert_eq!(stage.send("hello").await, Attempt::Unauthorized);
    let (client, endpoint) = (&stage.client, &stage.endpoint);
    assert_eq!(client.get_me(endpoint).await, Err(CallError::Unauthorized));
    let poll = client.get_updates(endpoint, 0, 100, 0).await;
    assert_eq!(poll, Err(CallError::Unauthorized));
    let stranger = stage.api.endpoint(&token(1002));
    assert_eq!(client.get_me(&stranger).await, Err(CallError::Unauthorized));
    stage.api.add_bot(token(1002));
    assert!(client.get_me(&stranger).await.is_ok());
}

#[tokio::test]
async fn a_bot_learns_who_it_is() {
    let stage = Stage::new().await;
    let profile = stage.client.get_me(&stage.endpoint).await.expect("an answer");
    assert_eq!(profile.id, stage.bot());
    assert_eq!(profile.username.as_deref(), Some("simulated_1001_bot"));
}

#[tokio::test]
async fn an_unknown_method_is_refused_and_the_token_stays_good() {
    let stage = Stage::new().await;
    let raw = serde_json::value::to_raw_value(&json!({})).expect("JSON");
    let attempt = stage.client.send_raw(&stage.endpoint, "noSuchMethod", &raw, PATIENCE).await;
    assert!(matches!(attempt, Attempt::Refused { error_code: 404, .. }), "{attempt:?}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_after_ok_is_sent() {
    let stage = Stage::new().await;
    let endpoint = odd_server::answering(
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":true,\"result\":{\"message_id\":5".to_owned(),
    );
    let payload = SendMessage::new(teloxide::types::ChatId(CUSTOMER.0), "hello");
    let attempt = stage.client.send(&endpoint, &payload, PATIENCE).await;
    assert_eq!(attempt, Attempt::Sent { message_id: None, result: None::<RawJson> });
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let stage = Stage::new().await;
    let elsewhere = stage.api.api_url();
    let secret = stage.token.expose_secret();
    let endpoint = odd_server::answering(format!(
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/bot{secret}/sendMessage\r\n\
         Content-Length: 0\r\n\r\n"
    ));
    let payload = SendMessage::new(teloxide::types::ChatId(CUSTOMER.0), "hello");
    let attempt = stage.client.send(&endpoint, &payload, PATIENCE).await;
    assert!(matches!(attempt, Attempt::Unknown(_)), "{attempt:?}");
    assert_eq!(stage.api.ledger().calls("sendMessage"), 0);
}
