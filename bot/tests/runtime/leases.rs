//! Processes that share the bots, and one that has them for itself.

use std::time::Duration;

use bot::Settings;
use bot::fake::Fault;
use domain::DeliveryState;
use tests::{Engine, Sql, postgres};

use super::bots::add_project;
use super::stage::{ADA, PATIENCE, Stage, token};

fn short_lease(stage: &Stage) -> Settings {
    Settings { lease_ttl: Duration::from_secs(3), ..stage.settings() }
}

/// How many bots each process has, in ascending order.
async fn shares(stage: &Stage) -> Vec<i64> {
    let client = postgres::connect(stage.database.url()).await.expect("a server");
    let held = "SELECT count(*) FROM leases WHERE name LIKE 'bot:%' AND expires_at > \
        extract(epoch FROM clock_timestamp()) * 1000000 GROUP BY holder ORDER BY count(*)";
    client.query(held, &[]).await.expect("leases").iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_processes_serves_a_bot_and_the_other_takes_over() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let stage = Stage::on(Engine::Postgres).await;
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
    if !Engine::Postgres.is_available().await {
        return;
    }
    let stage = Stage::on(Engine::Postgres).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn processes_have_as_many_bots_each_and_the_last_one_has_all() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let stage = Stage::on(Engine::Postgres).await;
    for (number, variant) in [(1002, 'b'), (1003, 'c')] {
        let token = token(number, variant);
        stage.api.add_bot(token.clone());
        add_project(&stage, &token).await;
    }
    // With the sandbox there are four.
    let first = stage.run_with(short_lease(&stage)).await;
    stage.eventually(async || (shares(&stage).await == [4]).then_some(())).await;
    let second = stage.run_with(short_lease(&stage)).await;
    stage.eventually(async || (shares(&stage).await == [2, 2]).then_some(())).await;
    // Nothing goes to and fro.
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(shares(&stage).await, [2, 2]);
    }

    first.crash().await;
    stage.eventually(async || (shares(&stage).await == [4]).then_some(())).await;
    stage.hear_and_open(ADA, "who is there?").await;
    second.stop().await;
    assert_eq!(shares(&stage).await, [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_has_the_database_for_itself_needs_no_lease() {
    let stage = Stage::new().await;
    let settings = Settings { lease_ttl: Duration::from_millis(600), ..stage.settings() };
    let running = stage.run_with(settings).await;
    stage.hear_and_open(ADA, "before").await;
    let other = Sql::connect(&stage.database).await.unwrap();
    other.execute_alone("BEGIN IMMEDIATE").await.unwrap();
    // Nothing can be written for several times as long as a lease lasts.
    tokio::time::sleep(Duration::from_secs(2)).await;
    drop(other);
    stage.hear_and_open(ADA, "after").await;
    assert_eq!(stage.api.ledger().calls("getMe"), 1, "it was served all the time");
    running.stop().await;
}
