//! Long polling.

use bot::{
    fake::{FakeBotApi, Fault, FaultScope, Repeat},
    telegram::{CallError, RawUpdate},
};

use crate::stage::{PATIENCE, Stage, token};

/// As long as a poll may take here; nothing waits for its end.
const LONG_SECONDS: u16 = 50;

fn ids(updates: &[RawUpdate]) -> Vec<i64> {
    updates.iter().map(|update| update.update_id).collect()
}

async fn poll(stage: &Stage, offset: i64) -> Vec<RawUpdate> {
    let updates = stage.client.get_updates(&stage.endpoint, offset, 100, 0).await;
    updates.expect("an answer")
}

async fn poll_arrives(stage: &Stage, calls: u64) {
    let arrived = stage.api.wait_for(|ledger| ledger.calls("getUpdates") >= calls, PATIENCE).await;
    arrived.expect("the poll arrives");
}

#[tokio::test]
async fn updates_stay_until_they_are_confirmed() {
    let stage = Stage::new().await;
    let mut pushed = Vec::new();
    for text in ["a", "b", "c"] {
        pushed.push(stage.hear(7, text).await);
    }
    assert_eq!(ids(&poll(&stage, 0).await), pushed);
    assert_eq!(ids(&poll(&stage, 0).await), pushed);
    assert_eq!(ids(&poll(&stage, pushed[1]).await), pushed[1..]);
    assert_eq!(ids(&poll(&stage, 0).await), pushed[1..], "the offset confirms");
    assert!(poll(&stage, pushed[2] + 1).await.is_empty());
    assert!(poll(&stage, 0).await.is_empty());
}

#[tokio::test]
async fn a_batch_has_a_limit() {
    let stage = Stage::new().await;
    for _ in 0..3 {
        stage.hear(7, "hello").await;
    }
    let batch = stage.client.get_updates(&stage.endpoint, 0, 2, 0).await;
    assert_eq!(batch.expect("an answer").len(), 2);
}

#[tokio::test]
async fn a_negative_offset_counts_from_the_end() {
    let stage = Stage::new().await;
    let mut pushed = Vec::new();
    for text in ["a", "b", "c"] {
        pushed.push(stage.hear(7, text).await);
    }
    assert_eq!(ids(&poll(&stage, -2).await), pushed[1..]);
    assert_eq!(ids(&poll(&stage, 0).await), pushed[1..], "the rest is forgotten");
    assert_eq!(ids(&poll(&stage, -10).await), pushed[1..]);
}

#[tokio::test]
async fn a_long_poll_ends_as_soon_as_somebody_writes() {
    let stage = Stage::new().await;
    let poll = stage.client.get_updates(&stage.endpoint, 0, 100, LONG_SECONDS);
    let write = async {
        poll_arrives(&stage, 1).await;
        stage.hear(7, "hello").await
    };
    let (updates, update_id) = tokio::join!(poll, write);
    assert_eq!(ids(&updates.expect("an answer")), [update_id]);
}

#[tokio::test]
async fn a_long_poll_ends_empty_in_time() {
    let stage = Stage::new().await;
    let updates = stage.client.get_updates(&stage.endpoint, 0, 100, 1).await;
    assert_eq!(updates, Ok(vec![]));
}

#[tokio::test]
async fn of_two_polls_one_is_told_of_the_other() {
    let stage = Stage::new().await;
    let poll = || stage.client.get_updates(&stage.endpoint, 0, 100, LONG_SECONDS);
    let (mut first, mut second) = (Box::pin(poll()), Box::pin(poll()));
    let (conflict, other) = tokio::select! {
        conflict = &mut first => (conflict, second),
        conflict = &mut second => (conflict, first),
    };
    let Err(CallError::Conflict(words)) = conflict else {
        panic!("no conflict: {conflict:?}");
    };
    assert!(words.contains("terminated by other getUpdates request"), "{words}");
    let update_id = stage.hear(7, "hello").await;
    assert_eq!(ids(&other.await.expect("an answer")), [update_id]);
}

#[tokio::test]
async fn a_webhook_and_polling_exclude_each_other() {
    let stage = Stage::new().await;
    let (client, endpoint) = (&stage.client, &stage.endpoint);
    let set_webhook = async {
        poll_arrives(&stage, 1).await;
        client.set_webhook(endpoint, "http://127.0.0.1:9/hook", "s").await
    };
    let poll = client.get_updates(endpoint, 0, 100, LONG_SECONDS);
    let (conflict, set) = tokio::join!(poll, set_webhook);
    assert_eq!(set, Ok(()));
    assert!(matches!(conflict, Err(CallError::Conflict(_))), "{conflict:?}");

    let conflict = client.get_updates(endpoint, 0, 100, 0).await;
    let Err(CallError::Conflict(words)) = conflict else {
        panic!("no conflict: {conflict:?}");
    };
    assert!(words.contains("webhook is active"), "{words}");
    assert_eq!(client.delete_webhook(endpoint).await, Ok(()));
    assert_eq!(client.get_updates(endpoint, 0, 100, 0).await, Ok(vec![]));
}

#[tokio::test]
async fn an_abandoned_poll_takes_nothing_away() {
    let stage = Stage::new().await;
    {
        let poll = stage.client.get_updates(&stage.endpoint, 0, 100, LONG_SECONDS);
        tokio::select! {
            updates = poll => panic!("the poll ended: {updates:?}"),
            () = poll_arrives(&stage, 1) => {}
        }
    }
    let update_id = stage.hear(7, "hello").await;
    assert_eq!(ids(&poll(&stage, 0).await), [update_id]);
}

#[tokio::test]
async fn a_strange_update_is_handed_over_as_it_is() {
    let stage = Stage::new().await;
    let strange = r#"{"hologram": {"deep":[[[1.50]]], "odd":"\ud83d"}, "chat":null}"#;
    let update_id = stage.api.push_raw_update(stage.bot(), strange).await.expect("an object");
    let updates = poll(&stage, 0).await;
    let numbered = format!(r#"{{"update_id":{update_id},{}"#, &strange[1..]);
    assert_eq!(updates[0].json.as_str(), numbered);
    for not_an_object in ["", "[]", "{", "x", r#""x""#] {
        assert!(stage.api.push_raw_update(stage.bot(), not_an_object).await.is_err());
    }
}

#[tokio::test]
async fn garbage_among_updates_does_not_cost_the_others() {
    let stage = Stage::new().await;
    let once = |body: &str| {
        let scope = FaultScope::method("getUpdates");
        stage.api.inject(scope, Fault::answer(200, body), Repeat::Times(1));
    };
    once(r#"{"ok":true,"result":[7,{"message":{}},{"update_id":5,"message":"?"},null]}"#);
    assert_eq!(ids(&poll(&stage, 0).await), [5]);
    for body in [r#"{"ok":true,"result":[7]}"#, r#"{"ok":true,"result":7}"#, r#"{"ok":true,"result":[{"#] {
        once(body);
        let error = stage.client.get_updates(&stage.endpoint, 0, 100, 0).await;
        assert!(matches!(error, Err(CallError::Unavailable(_))), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn bots_do_not_see_each_others_updates() {
    let stage = Stage::with(FakeBotApi::builder().any_token()).await;
    stage.hear(7, "hello").await;
    let other = stage.api.endpoint(&token(1002));
    assert_eq!(stage.client.get_updates(&other, 0, 100, 0).await, Ok(vec![]));
    assert_eq!(poll(&stage, 0).await.len(), 1);
}

#[tokio::test]
async fn a_shutdown_answers_polls_and_refuses_the_next() {
    let stage = Stage::new().await;
    let poll = stage.client.get_updates(&stage.endpoint, 0, 100, LONG_SECONDS);
    let stop = async {
        poll_arrives(&stage, 1).await;
        stage.api.shutdown().await;
    };
    let (updates, ()) = tokio::join!(poll, stop);
    assert_eq!(updates, Ok(vec![]));
    let after = stage.client.get_updates(&stage.endpoint, 0, 100, 0).await;
    assert!(matches!(after, Err(CallError::Unavailable(_))), "{after:?}");
}
