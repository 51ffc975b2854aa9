//! Every fault is seen as what it is, and the ledger says what really happened.

use std::time::Duration;

use bot::{
    fake::{Fault, FaultScope, Repeat},
    telegram::{Attempt, BlockKind, CallError, DEFAULT_RETRY_AFTER},
};
use domain::ChatId;
use serde_json::json;
use teloxide::payloads::SendMessage;

use crate::{
    odd_server,
    stage::{CUSTOMER, IMPATIENCE, PATIENCE, Stage},
};

fn assert_unknown(attempt: &Attempt) {
    let Attempt::Unknown(reason) = attempt else {
        panic!("not unknown: {attempt:?}");
    };
    assert!(!reason.contains("test-token"), "{reason}");
}

fn assert_not_sent(attempt: &Attempt) {
    let Attempt::NotSent(reason) = attempt else {
        panic!("not “not sent”: {attempt:?}");
    };
    assert!(!reason.contains("test-token"), "{reason}");
}

#[tokio::test]
async fn a_flood_limit_asks_to_wait_and_sends_nothing() {
    let stage = Stage::new().await;
    stage.next_send(Fault::too_many_requests(14_400));
    assert_eq!(stage.send("hello").await, Attempt::RetryAfter(Duration::from_secs(4 * 60 * 60)));
    let more = json!({"from_the_future": {"scope": "chat"}, "adaptive": 1.5});
    let more = more.as_object().expect("an object").clone();
    stage.next_send(Fault::too_many_requests_with(3, more));
    assert_eq!(stage.send("hello").await, Attempt::RetryAfter(Duration::from_secs(3)));
    stage.next_send(Fault::answer(429, "slow down"));
    assert_eq!(stage.send("hello").await, Attempt::RetryAfter(DEFAULT_RETRY_AFTER));
    assert!(stage.received().is_empty());
    assert_eq!(stage.api.ledger().refused_with(429), 3);
    assert!(matches!(stage.send("hello").await, Attempt::Sent { .. }));
}

#[tokio::test]
async fn an_injected_403_blocks() {
    let stage = Stage::new().await;
    stage.next_send(Fault::forbidden("Forbidden: user is deactivated"));
    assert!(matches!(stage.send("hello").await, Attempt::Blocked { kind: BlockKind::UserDeactivated, .. }));
    assert!(stage.received().is_empty());
}

#[tokio::test]
async fn server_errors_and_garbage_are_unknown() {
    let stage = Stage::new().await;
    for (fault, text, sent) in [
        (Fault::server_error(500), "a", false),
        (Fault::server_error(502).after_accepting(), "b", true),
        (Fault::garbage(), "c", false),
        (Fault::garbage().after_accepting(), "d", true),
        (Fault::answer(200, ""), "e", false),
        (Fault::answer(503, "<html>"), "f", false),
    ] {
        stage.next_send(fault);
        assert_unknown(&stage.send(text).await);
        assert_eq!(stage.received().contains(&text.to_owned()), sent, "{text}");
    }
}

#[tokio::test]
async fn an_unreadable_result_is_sent_all_the_same() {
    let stage = Stage::new().await;
    stage.next_send(Fault::unreadable_result());
    match stage.send("hello").await {
        Attempt::Sent { message_id: None, result: Some(_) } => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.received(), ["hello"]);
}

#[tokio::test]
async fn a_dropped_connection_is_unknown_whether_or_not_the_send_was_accepted() {
    let stage = Stage::new().await;
    stage.next_send(Fault::drop_before_accepting());
    assert_unknown(&stage.send("lost").await);
    assert!(stage.received().is_empty());
    stage.next_send(Fault::drop_after_accepting());
    assert_unknown(&stage.send("delivered").await);
    assert_eq!(stage.received(), ["delivered"]);
    assert!(matches!(stage.send("next").await, Attempt::Sent { .. }));
}

#[tokio::test]
async fn a_server_that_vanishes_is_unknown_after_the_timeout() {
    let stage = Stage::new().await;
    stage.next_send(Fault::vanish_before_accepting());
    assert_unknown(&stage.send_within("lost", IMPATIENCE).await);
    assert!(stage.received().is_empty());
    stage.next_send(Fault::vanish_after_accepting());
    assert_unknown(&stage.send_within("delivered", IMPATIENCE).await);
    assert_eq!(stage.received(), ["delivered"]);
}

#[tokio::test]
async fn a_late_answer_counts_only_for_those_who_wait() {
    let stage = Stage::new().await;
    stage.next_send(Fault::delay(IMPATIENCE));
    assert!(matches!(stage.send("waited").await, Attempt::Sent { .. }));
    stage.next_send(Fault::delay(PATIENCE));
    assert_unknown(&stage.send_within("gave up", IMPATIENCE).await);
    assert_eq!(stage.received(), ["waited", "gave up"]);
}

#[tokio::test]
async fn a_call_is_carried_out_even_if_the_caller_hangs_up() {
    let stage = Stage::new().await;
    stage.next_send(Fault::late(IMPATIENCE * 2));
    assert_unknown(&stage.send_within("hello", IMPATIENCE).await);
    let received = stage.api.wait_for(|ledger| ledger.sends().count() == 1, PATIENCE).await;
    assert!(received.is_ok());
}

#[tokio::test]
async fn refused_connections_are_not_sent_and_the_server_comes_back() {
    let stage = Stage::new().await;
    assert!(matches!(stage.send("before").await, Attempt::Sent { .. }));
    stage.api.refuse_connections().await.expect("the port is kept");
    stage.api.refuse_connections().await.expect("twice is once");
    for _ in 0..3 {
        assert_not_sent(&stage.send("during").await);
    }
    let poll = stage.client.get_updates(&stage.endpoint, 0, 100, 0).await;
    assert!(matches!(poll, Err(CallError::Unavailable(_))), "{poll:?}");
    stage.api.accept_connections().await.expect("the port is free");
    assert!(matches!(stage.send("after").await, Attempt::Sent { .. }));
    assert_eq!(stage.received(), ["before", "after"]);
}

#[tokio::test]
async fn a_send_under_way_when_the_server_goes_down_is_unknown() {
    let stage = Stage::new().await;
    stage.next_send(Fault::vanish_after_accepting());
    let outage = async {
        let accepted = stage.api.wait_for(|ledger| ledger.sends().count() == 1, PATIENCE).await;
        accepted.expect("the send arrives");
        stage.api.refuse_connections().await.expect("the port is kept");
    };
    let (attempt, ()) = tokio::join!(stage.send("hello"), outage);
    assert_unknown(&attempt);
}

#[tokio::test]
async fn nothing_listening_is_not_sent() {
    let stage = Stage::new().await;
    let payload = SendMessage::new(teloxide::types::ChatId(CUSTOMER.0), "hello");
    let attempt = stage.client.send(&odd_server::absent(), &payload, PATIENCE).await;
    assert_not_sent(&attempt);
}

#[tokio::test]
async fn a_fault_strikes_in_its_scope_as_often_as_it_was_told() {
    let stage = Stage::new().await;
    let busy = || Fault::too_many_requests(1);
    let elsewhere = FaultScope::everything().in_chat(ChatId(5));
    stage.api.inject(elsewhere, busy(), Repeat::UntilCleared);
    let other_method = FaultScope::method("editMessageText").of_bot(stage.bot());
    stage.api.inject(other_method, busy(), Repeat::UntilCleared);
    assert!(matches!(stage.send("1").await, Attempt::Sent { .. }));

    let here = FaultScope::method("SENDMESSAGE").of_bot(stage.bot()).in_chat(CUSTOMER);
    stage.api.inject(here.clone(), busy(), Repeat::Times(2));
    assert!(matches!(stage.send("2").await, Attempt::RetryAfter(_)));
    assert!(matches!(stage.send("2").await, Attempt::RetryAfter(_)));
    assert!(matches!(stage.send("2").await, Attempt::Sent { .. }));

    let fault = stage.api.inject(here.clone(), busy(), Repeat::UntilCleared);
    assert!(matches!(stage.send("3").await, Attempt::RetryAfter(_)));
    stage.api.clear_fault(fault);
    assert!(matches!(stage.send("3").await, Attempt::Sent { .. }));

    stage.api.inject(here, busy(), Repeat::UntilCleared);
    stage.api.clear_faults();
    assert!(matches!(stage.send("4").await, Attempt::Sent { .. }));
    assert_eq!(stage.received(), ["1", "2", "3", "4"]);
}
