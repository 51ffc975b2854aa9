//! Two processes that share the bots.

use std::time::Duration;

use bot::Settings;
use bot::fake::Fault;
use domain::DeliveryState;

use super::stage::{ADA, PATIENCE, Stage};

fn short_lease(stage: &Stage) -> Settings {
    Settings { lease_ttl: Duration::from_secs(3), ..stage.settings() }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_processes_serves_a_bot_and_the_other_takes_over() {
    let stage = Stage::new().await;
    let first = stage.run_with(short_lease(&stage)).await;
    let session = stage.hear_and_open(ADA, "one").await;
    let second = stage.run_with(short_lease(&stage)).await;
    for text in ["two", "three"] {
        stage.hear(ADA, text).await;
        stage.message(ADA, text).await;
    }
    assert_eq!(stage.api.ledger().refused_with(409), 0, "only one process polls");

    first.stop().await;
    stage.hear(ADA, "four").await;
    stage.message(ADA, "four").await;
    let reply = stage.reply(session, "answer").await;
    stage.delivery(reply, DeliveryState::Sent).await;
    let heard: Vec<_> = stage.messages_with(ADA).await.into_iter().map(|message| message.text).collect();
    assert_eq!(heard, ["one", "two", "three", "four", "answer"]);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_under_way_in_a_crash_is_unknown_and_what_waits_is_sent() {
    let stage = Stage::new().await;
    let first = stage.run_with(short_lease(&stage)).await;
    let session = stage.hear_and_open(ADA, "hello").await;
    stage.next_sends(Fault::vanish_after_accepting(), 1);
    let under_way = stage.reply(session, "under way").await;
    let waiting = stage.reply(session, "waiting").await;
    stage.api.wait_for(|ledger| ledger.sends().count() == 1, PATIENCE).await.unwrap();

    first.crash().await;
    let second = stage.run_with(short_lease(&stage)).await;
    let fate = stage.delivery(under_way, DeliveryState::Unknown).await;
    assert!(fate.error.is_some());
    stage.delivery(waiting, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), ["under way", "waiting"]);
    second.stop().await;
}
