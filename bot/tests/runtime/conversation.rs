//! A customer writes, an agent answers.

use domain::{DeliveryState, Direction};

use super::stage::{ADA, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_writes_and_gets_an_answer() {
    let stage = Stage::new().await;
    let running = stage.run().await;

    let said = stage.hear(ADA, "my card does not work").await;
    let message = stage.message(ADA, "my card does not work").await;
    assert_eq!(message.kind, "text");
    assert_eq!(message.direction, Direction::Inbound);
    assert_eq!(message.telegram_message_id, Some(said.message_id));

    let reply = stage.reply(message.session_id, "which card?").await;
    stage.delivery(reply, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), ["which card?"]);
    let sent = stage.messages_with(ADA).await.pop().unwrap();
    let entry = stage.api.ledger().sends().next().cloned().unwrap();
    assert_eq!(sent.telegram_message_id, Some(entry.message_id));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_project_learns_the_name_of_its_bot() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let name = stage
        .eventually(async || {
            let project = stage.desk.project(&stage.actor, stage.project).await.unwrap();
            project.and_then(|project| project.bot_username)
        })
        .await;
    assert_eq!(name, "simulated_1001_bot");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_chat_stay_in_order_in_both_directions() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let texts: Vec<String> = (1..=40).map(|number| number.to_string()).collect();

    for text in &texts {
        stage.hear(ADA, text).await;
    }
    let session = stage.message(ADA, "40").await.session_id;
    let heard: Vec<String> = stage.messages_with(ADA).await.into_iter().map(|message| message.text).collect();
    assert_eq!(heard, texts);

    let mut last = None;
    for text in &texts {
        last = Some(stage.reply(session, text).await);
    }
    stage.delivery(last.unwrap(), DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), texts);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_changes_the_message() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let said = stage.hear(ADA, "my crad").await;
    stage.message(ADA, "my crad").await;
    let edit = serde_json::json!({"edited_message": {
        "message_id": said.message_id, "date": 1_767_225_600, "edit_date": 1_767_225_700, "text": "my card",
        "chat": {"id": ADA, "type": "private"}, "from": {"id": ADA, "is_bot": false, "first_name": "Ada"},
    }});
    stage.api.push_raw_update(stage.token.bot_id(), &edit.to_string()).await.unwrap();
    let edited = stage.message(ADA, "my card").await;
    assert_eq!(edited.telegram_message_id, Some(said.message_id));
    assert_eq!(stage.messages_with(ADA).await.len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strange_updates_hold_nobody_up() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    for update in [
        "{}",
        r#"{"message":[]}"#,
        r#"{"message":{"chat":{"id":7000000001,"type":"private"}}}"#,
        r#"{"from_the_future":{"chat":{"id":7000000001}}}"#,
        r#"{"message":{"text":"\ud83d\u0000"}}"#,
    ] {
        stage.api.push_raw_update(stage.token.bot_id(), update).await.unwrap();
    }
    stage.hear(ADA, "still here").await;
    stage.message(ADA, "still here").await;
    assert_eq!(stage.messages_with(ADA).await.len(), 1);
    running.stop().await;
}
