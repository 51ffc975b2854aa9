//! What becomes of answers when Telegram does not simply take them.

use std::time::Duration;

use bot::fake::{ChatState, Fault};
use bot::{Pace, Settings};
use domain::{ChatId, DeliveryState};

use tokio::time::Instant;

use super::stage::{ADA, PATIENCE, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_limit_delays_and_loses_nothing() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let session = stage.hear_and_open(ADA, "hello").await;
    stage.next_sends(Fault::too_many_requests(1), 1);

    let first = stage.reply(session, "first").await;
    let second = stage.reply(session, "second").await;
    stage.delivery(first, DeliveryState::Sent).await;
    stage.delivery(second, DeliveryState::Sent).await;
    assert_eq!(stage.api.ledger().refused_with(429), 1, "the chat was left alone while it was limited");
    assert_eq!(stage.received(ADA), ["first", "second"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_chat_does_not_hold_up_another() {
    const BORIS: i64 = ADA + 1;
    let stage = Stage::new().await;
    let running = stage.run().await;
    let ada = stage.hear_and_open(ADA, "hello").await;
    let boris = stage.hear_and_open(BORIS, "hello").await;

    stage.next_sends(Fault::too_many_requests(3_600), 1);
    stage.reply(ada, "to Ada").await;
    let limited = stage.api.wait_for(|ledger| ledger.refused_with(429) == 1, PATIENCE).await;
    assert_eq!(limited.unwrap().sends().count(), 0);
    let to_boris = stage.reply(boris, "to Boris").await;
    stage.delivery(to_boris, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), Vec::<String>::new());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_is_limited_in_several_chats_is_silent_in_all() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let mut sessions = Vec::new();
    for customer in ADA..ADA + 4 {
        sessions.push(stage.hear_and_open(customer, "hello").await);
    }
    stage.next_sends(Fault::too_many_requests(3), 3);
    for session in &sessions[..3] {
        stage.reply(*session, "limited").await;
    }
    stage.api.wait_for(|ledger| ledger.refused_with(429) == 3, PATIENCE).await.unwrap();
    let limited_at = Instant::now();
    // The silence is noted once the sender has begun it, after the third of the refusals.
    stage.eventually(async || stage.desk.bot_frozen_until(stage.project).await.unwrap()).await;
    let last = stage.reply(sessions[3], "held back").await;
    stage.delivery(last, DeliveryState::Sent).await;
    let ledger = stage.api.ledger();
    let first_send = ledger.sends().map(|entry| entry.received_at).min().unwrap();
    assert!(first_send - limited_at >= Duration::from_secs(2), "{:?}", first_send - limited_at);
    assert_eq!(ledger.refused_with(429), 3);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_blocked_the_bot_cannot_be_reached() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let session = stage.hear_and_open(ADA, "hello").await;
    stage.api.set_chat_state(stage.token.bot_id(), ChatId(ADA), ChatState::BlockedByUser);

    let reply = stage.reply(session, "hello").await;
    let failure = stage.delivery(reply, DeliveryState::Failed).await.error.unwrap();
    assert!(failure.contains("the customer has blocked the bot"), "{failure}");
    let session = stage.desk.session(&stage.actor, session).await.unwrap().unwrap();
    let customers = stage.desk.customers_by_id(&stage.actor, &[session.customer_id]).await.unwrap();
    assert!(customers[0].unreachable_since.is_some());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_shown_in_words_and_the_next_message_goes_out() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let session = stage.hear_and_open(ADA, "hello").await;
    let body = r#"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#;
    stage.next_sends(Fault::answer(400, body), 1);

    let refused = stage.reply(session, "refused").await;
    let taken = stage.reply(session, "taken").await;
    let failure = stage.delivery(refused, DeliveryState::Failed).await.error.unwrap();
    assert_eq!(failure, "the text is longer than Telegram takes (Telegram: Bad Request: message is too long)");
    stage.delivery(taken, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), ["taken"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_without_an_answer_is_unknown_and_not_repeated() {
    let stage = Stage::new().await;
    let settings = Settings { request_timeout: Duration::from_secs(2), ..stage.settings() };
    let running = stage.run_with(settings).await;
    let session = stage.hear_and_open(ADA, "hello").await;

    for fault in
        [Fault::vanish_after_accepting(), Fault::drop_after_accepting(), Fault::server_error(502).after_accepting()]
    {
        stage.next_sends(fault, 1);
        let reply = stage.reply(session, "once").await;
        stage.delivery(reply, DeliveryState::Unknown).await;
    }
    let next = stage.reply(session, "next").await;
    stage.delivery(next, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), ["once", "once", "once", "next"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_go_out_is_sent_when_telegram_is_back() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let session = stage.hear_and_open(ADA, "hello").await;

    stage.api.refuse_connections().await.unwrap();
    let first = stage.reply(session, "first").await;
    let second = stage.reply(session, "second").await;
    let queued_at = stage.desk.next_call_due(stage.project).await.unwrap();
    // The call is due later than it was once it has been tried in vain.
    stage
        .eventually(async || {
            let due = stage.desk.next_call_due(stage.project).await.unwrap();
            due.filter(|_| due > queued_at)
        })
        .await;
    stage.api.accept_connections().await.unwrap();
    stage.delivery(first, DeliveryState::Sent).await;
    stage.delivery(second, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), ["first", "second"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_written_to_about_once_a_second_after_a_burst() {
    let stage = Stage::new().await;
    let settings = Settings { pace: Pace { chat_burst: 2, ..Pace::default() }, ..stage.settings() };
    let running = stage.run_with(settings).await;
    let session = stage.hear_and_open(ADA, "hello").await;
    let mut replies = Vec::new();
    for text in ["1", "2", "3", "4"] {
        replies.push(stage.reply(session, text).await);
    }
    for reply in replies {
        stage.delivery(reply, DeliveryState::Sent).await;
    }
    assert_eq!(stage.received(ADA), ["1", "2", "3", "4"]);
    let ledger = stage.api.ledger();
    let times: Vec<_> = ledger.sends().map(|entry| entry.received_at).collect();
    assert!(times[3] - times[1] >= Duration::from_millis(1_900), "{:?}", times[3] - times[1]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_settles_what_is_under_way_and_takes_nothing_new() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let session = stage.hear_and_open(ADA, "hello").await;
    stage.next_sends(Fault::delay(Duration::from_secs(2)), 1);
    let under_way = stage.reply(session, "under way").await;
    let waiting = stage.reply(session, "waiting").await;
    stage.api.wait_for(|ledger| ledger.sends().count() == 1, PATIENCE).await.unwrap();

    running.stop().await;
    stage.delivery(under_way, DeliveryState::Sent).await;
    stage.delivery(waiting, DeliveryState::Queued).await;
    assert_eq!(stage.received(ADA), ["under way"]);

    let running = stage.run().await;
    stage.delivery(waiting, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), ["under way", "waiting"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_stored_does_not_hold_up_its_chat() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    let said = stage.hear(ADA, "hello").await.message_id;
    let session = stage.message(ADA, "hello").await.session_id;
    // Telegram never numbers two messages of a chat alike, and the desk does not believe it either.
    let body = serde_json::json!({"ok": true, "result": {
        "message_id": said, "date": 1_767_225_600, "chat": {"id": ADA, "type": "private"},
    }});
    stage.next_sends(Fault::answer(200, body.to_string()), 1);
    let odd = stage.reply(session, "odd").await;
    let next = stage.reply(session, "next").await;
    let delivery = stage.delivery(odd, DeliveryState::Unknown).await;
    assert!(delivery.error.unwrap().contains("could not store"));
    stage.delivery(next, DeliveryState::Sent).await;
    running.stop().await;
}
