//! Delivery to a webhook.

use std::time::Duration;

use bot::{fake::FakeBotApi, telegram::update};

use crate::{
    stage::{PATIENCE, Stage},
    webhook_receiver::{Deliveries, Receiver},
};

const SECRET: &str = "a_secret-1";

fn texts(deliveries: &Deliveries, conversation: i64) -> Vec<&str> {
    let accepted = deliveries.accepted.iter();
    accepted.filter(|delivery| delivery.conversation == conversation).map(|delivery| delivery.text.as_str()).collect()
}

async fn stage_with_webhook(receiver: &Receiver) -> Stage {
    let backoff = Duration::from_millis(1);
    let stage = Stage::with(FakeBotApi::builder().webhook_backoff(backoff)).await;
    let set = stage.client.set_webhook(&stage.endpoint, &receiver.url, SECRET).await;
    assert_eq!(set, Ok(()));
    stage
}

async fn pending(stage: &Stage) -> i64 {
    let info = stage.client.get_webhook_info(&stage.endpoint).await;
    info.expect("an answer").pending_update_count
}

#[tokio::test]
async fn updates_are_delivered_with_the_secret_and_to_the_byte() {
    let receiver = Receiver::start().await;
    let stage = stage_with_webhook(&receiver).await;
    let odd = r#"{"hologram": {"x":1.50}}"#;
    let update_id = stage.api.push_raw_update(stage.bot(), odd).await.expect("an object");
    let deliveries = receiver.wait_for(|deliveries| deliveries.accepted.len() == 1, PATIENCE).await;
    let delivery = &deliveries.accepted[0];
    assert_eq!(delivery.secret.as_deref(), Some(SECRET));
    assert_eq!(delivery.body, format!(r#"{{"update_id":{update_id},{}"#, &odd[1..]));
}

#[tokio::test]
async fn what_came_before_the_webhook_is_delivered_too() {
    let receiver = Receiver::start().await;
    let stage = Stage::new().await;
    stage.hear(7, "early").await;
    let set = stage.client.set_webhook(&stage.endpoint, &receiver.url, SECRET).await;
    assert_eq!(set, Ok(()));
    stage.hear(7, "late").await;
    let deliveries = receiver.wait_for(|deliveries| deliveries.accepted.len() == 2, PATIENCE).await;
    assert_eq!(texts(&deliveries, 7), ["early", "late"]);
}

#[tokio::test]
async fn a_failing_conversation_is_tried_again_in_order_and_holds_up_no_other() {
    let receiver = Receiver::start().await;
    receiver.fail(7, 5);
    let stage = stage_with_webhook(&receiver).await;
    for text in ["1", "2", "3"] {
        stage.hear(7, text).await;
        stage.hear(8, text).await;
    }
    let deliveries = receiver.wait_for(|deliveries| deliveries.accepted.len() == 6, PATIENCE).await;
    assert_eq!(texts(&deliveries, 7), ["1", "2", "3"]);
    assert_eq!(texts(&deliveries, 8), ["1", "2", "3"]);
    assert_eq!(deliveries.arrived.len(), 6 + 5);
    let info = stage.client.get_webhook_info(&stage.endpoint).await.expect("an answer");
    assert!(info.last_error_message.expect("a failure").contains("503"));
    assert!(info.last_error_at.is_some());
}

#[tokio::test]
async fn an_update_waits_until_it_is_accepted() {
    let receiver = Receiver::with_permits(0).await;
    let stage = stage_with_webhook(&receiver).await;
    stage.hear(7, "1").await;
    stage.hear(8, "1").await;
    receiver.wait_for(|deliveries| deliveries.open == 2, PATIENCE).await;
    assert_eq!(pending(&stage).await, 2);
    assert_eq!(stage.client.delete_webhook(&stage.endpoint).await, Ok(()));
    let updates = stage.client.get_updates(&stage.endpoint, 0, 100, 0).await;
    assert_eq!(updates.expect("an answer").len(), 2, "nothing was confirmed");
}

#[tokio::test]
async fn deliveries_are_confirmed_once_all_before_them_are() {
    let receiver = Receiver::start().await;
    receiver.fail(7, u32::MAX);
    let stage = stage_with_webhook(&receiver).await;
    let stuck = stage.hear(7, "stuck").await;
    stage.hear(8, "fine").await;
    receiver.wait_for(|deliveries| deliveries.accepted.len() == 1, PATIENCE).await;
    assert_eq!(pending(&stage).await, 2, "the older one is not delivered yet");
    receiver.fail(7, 0);
    receiver.wait_for(|deliveries| deliveries.accepted.len() == 2, PATIENCE).await;
    // The next of the same conversation goes out only after the one before is confirmed.
    stage.hear(7, "later").await;
    receiver.wait_for(|deliveries| deliveries.accepted.len() == 3, PATIENCE).await;
    assert_eq!(stage.client.delete_webhook(&stage.endpoint).await, Ok(()));
    let left = stage.client.get_updates(&stage.endpoint, 0, 100, 0).await.expect("an answer");
    assert!(left.iter().all(|update| update.update_id > stuck), "{left:?}");
}

#[tokio::test]
async fn deliveries_of_many_conversations_overlap_up_to_the_limit() {
    const LIMIT: usize = 40;
    let receiver = Receiver::with_permits(0).await;
    let stage = stage_with_webhook(&receiver).await;
    for conversation in 0..60 {
        stage.hear(100 + conversation, "1").await;
        stage.hear(100 + conversation, "2").await;
    }
    receiver.wait_for(|deliveries| deliveries.open == LIMIT, PATIENCE).await;
    receiver.allow(120);
    let deliveries = receiver.wait_for(|deliveries| deliveries.accepted.len() == 120, PATIENCE).await;
    assert_eq!(deliveries.most_open, LIMIT);
    for conversation in 0..60 {
        assert_eq!(texts(&deliveries, 100 + conversation), ["1", "2"]);
    }
}

#[tokio::test]
async fn the_webhook_asks_for_every_kind_of_update() {
    let receiver = Receiver::start().await;
    let stage = stage_with_webhook(&receiver).await;
    let info = stage.client.get_webhook_info(&stage.endpoint).await.expect("an answer");
    assert_eq!(info.url, receiver.url);
    assert_eq!(info.max_connections, Some(40));
    assert_eq!(info.allowed_updates, update::KINDS);
    assert_eq!(stage.client.delete_webhook(&stage.endpoint).await, Ok(()));
    let info = stage.client.get_webhook_info(&stage.endpoint).await.expect("an answer");
    assert_eq!((info.url.as_str(), info.allowed_updates.len()), ("", 0));
}

#[tokio::test]
async fn a_shutdown_ends_deliveries() {
    let receiver = Receiver::with_permits(0).await;
    let stage = stage_with_webhook(&receiver).await;
    stage.hear(7, "1").await;
    receiver.wait_for(|deliveries| deliveries.open == 1, PATIENCE).await;
    let stopped = tokio::time::timeout(PATIENCE, stage.api.shutdown()).await;
    assert!(stopped.is_ok());
}
