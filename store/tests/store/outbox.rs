//! Calls to Telegram: in the order of each chat, settled by the try that made them.

use domain::{ChatId, DeliveryState, Direction, MessageId, OutboxId, ProjectId};
use store::messages::NewMessage;
use store::outbox::{Lane, NewCall, OpenTry, OutboxState, QueuedCall};
use store::{Store, Tx};
use tests::{Engine, on_both_engines};

use crate::fixture::{self, Fixture, at, message};

fn call(project_id: ProjectId, chat: i64, payload: &str) -> NewCall {
    NewCall {
        attachments: Vec::new(),
        cost: 1,
        project_id,
        chat_id: ChatId(chat),
        lane: Lane::LiveReply,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: payload.to_owned(),
    }
}

async fn insert(store: &Store, calls: &[NewCall], now: i64) {
    let mut tx = store.begin().await.unwrap();
    for call in calls {
        tx.insert_call(call, at(now)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn payloads(calls: &[QueuedCall]) -> Vec<&str> {
    calls.iter().map(|call| call.payload.as_str()).collect()
}

/// Claims everything that is due and starts a try of it.
async fn take(store: &Store, project: ProjectId, now: i64, attempt: &str) -> Vec<QueuedCall> {
    let mut tx = store.begin().await.unwrap();
    let calls = tx.claim_calls(project, at(now), 10).await.unwrap();
    let ids: Vec<i64> = calls.iter().map(|call| call.id.0).collect();
    tx.start_calls(&ids, attempt).await.unwrap();
    tx.commit().await.unwrap();
    calls
}

/// A try that may still settle its call.
fn open(state: OutboxState, message_id: Option<MessageId>) -> Option<OpenTry> {
    Some(OpenTry { state, message_id })
}

async fn settle(tx: &mut Tx, id: OutboxId, state: OutboxState) {
    tx.settle_call(id, state, None, at(50)).await.unwrap();
}

async fn next_due(store: &Store, project: ProjectId) -> Option<i64> {
    let due = store.read().await.unwrap().next_call_due(project).await.unwrap()?;
    Some(due - at(0).timestamp_micros())
}

on_both_engines! {
    async fn the_oldest_of_each_chat_goes_first_and_alone(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (project, other) = (fixture.project.id, fixture.project().await.id);
        let calls = [call(project, 1, "a1"), call(project, 1, "a2"), call(project, 2, "b1"), call(other, 1, "o1")];
        insert(&fixture.store, &calls, 10).await;

        assert_eq!(payloads(&take(&fixture.store, project, 9, "early").await), Vec::<&str>::new());
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(payloads(&tx.claim_calls(project, at(10), 1).await.unwrap()), ["a1"], "at most so many");
        tx.roll_back().await.unwrap();
        let taken = take(&fixture.store, project, 10, "try 1").await;
        assert_eq!(payloads(&taken), ["a1", "b1"]);
        assert_eq!(taken[0].chat_id, ChatId(1));
        assert_eq!((taken[0].project_id, taken[0].method.as_str()), (project, "sendMessage"));
        assert_eq!((taken[0].message_id, taken[0].attempts), (None, 0));
        assert_eq!(payloads(&take(&fixture.store, project, 99, "try 2").await), Vec::<&str>::new(), "both are under way");
        assert_eq!(payloads(&take(&fixture.store, other, 99, "try 3").await), ["o1"]);

        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.lock_try(taken[0].id, "try 1").await.unwrap(), open(OutboxState::Sending, None));
        settle(&mut tx, taken[0].id, OutboxState::Sent).await;
        tx.commit().await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 99, "try 4").await), ["a2"]);
    }

    async fn a_call_put_back_keeps_its_place(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        insert(&fixture.store, &[call(project, 1, "a1"), call(project, 1, "a2"), call(project, 2, "b1")], 0).await;
        let taken = take(&fixture.store, project, 10, "try 1").await;
        let mut tx = fixture.begin().await.unwrap();
        tx.requeue_call(taken[0].id, at(20), true, "wait").await.unwrap();
        settle(&mut tx, taken[1].id, OutboxState::Failed).await;
        tx.commit().await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 19, "try 2").await), Vec::<&str>::new(), "a2 stays behind a1");
        let taken = take(&fixture.store, project, 20, "try 3").await;
        assert_eq!(payloads(&taken), ["a1"]);
        assert_eq!(taken[0].attempts, 1);
        let mut tx = fixture.begin().await.unwrap();
        tx.requeue_call(taken[0].id, at(20), false, "not its fault").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(take(&fixture.store, project, 20, "try 4").await[0].attempts, 1, "a try may not count");
    }

    async fn only_the_try_that_is_under_way_settles_a_call(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        insert(&fixture.store, &[call(project, 1, "a1")], 0).await;
        let id = take(&fixture.store, project, 0, "stale").await[0].id;
        let mut tx = fixture.begin().await.unwrap();
        tx.requeue_call(id, at(0), true, "again").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.lock_try(id, "stale").await.unwrap(), None, "it is not under way");
        tx.roll_back().await.unwrap();
        take(&fixture.store, project, 0, "current").await;
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.lock_try(id, "stale").await.unwrap(), None);
        assert_eq!(tx.lock_try(id, "current").await.unwrap(), open(OutboxState::Sending, None));
        // Given up by another sender, and settled by the truth when it comes after all.
        settle(&mut tx, id, OutboxState::Unknown).await;
        assert_eq!(tx.lock_try(id, "current").await.unwrap(), open(OutboxState::Unknown, None));
        settle(&mut tx, id, OutboxState::Sent).await;
        assert_eq!(tx.lock_try(id, "current").await.unwrap(), None, "it is settled");
        tx.commit().await.unwrap();
    }

    async fn what_a_sender_left_under_way_is_found(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (project, other) = (fixture.project.id, fixture.project().await.id);
        let session = fixture.session(1, at(0)).await;
        let mut tx = fixture.begin().await.unwrap();
        let reply = NewMessage {
            direction: Direction::Outbound,
            delivery: Some(DeliveryState::Queued),
            ..message(&session, "Hello", None)
        };
        let reply: MessageId = tx.insert_message(&reply).await.unwrap().id;
        tx.insert_call(&NewCall { message_id: Some(reply), ..call(project, 1, "a1") }, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        insert(&fixture.store, &[call(project, 1, "a2"), call(project, 2, "b1"), call(other, 1, "o1")], 0).await;
        let taken = take(&fixture.store, project, 0, "lost").await;
        take(&fixture.store, other, 0, "elsewhere").await;
        let mut tx = fixture.begin().await.unwrap();
        let abandoned = tx.abandoned_calls(project).await.unwrap();
        assert_eq!(abandoned, [(taken[0].id, Some(reply)), (taken[1].id, None)]);
        assert_eq!(tx.lock_try(taken[0].id, "lost").await.unwrap(), open(OutboxState::Sending, Some(reply)));
        for (id, _) in abandoned {
            settle(&mut tx, id, OutboxState::Unknown).await;
        }
        assert_eq!(tx.abandoned_calls(project).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 0, "next").await), ["a2"]);
    }

    async fn the_next_call_is_due_that_nothing_is_in_front_of(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        assert_eq!(next_due(&fixture.store, project).await, None);
        insert(&fixture.store, &[call(project, 1, "a1"), call(project, 1, "a2")], 5).await;
        insert(&fixture.store, &[call(project, 2, "b1")], 9).await;
        assert_eq!(next_due(&fixture.store, project).await, Some(5));
        let taken = take(&fixture.store, project, 5, "try 1").await;
        assert_eq!(payloads(&taken), ["a1"]);
        assert_eq!(next_due(&fixture.store, project).await, Some(9), "a2 waits for a1, whatever the time");
        let mut tx = fixture.begin().await.unwrap();
        tx.requeue_call(taken[0].id, at(7), true, "wait").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(next_due(&fixture.store, project).await, Some(7));
        take(&fixture.store, project, 9, "try 2").await;
        assert_eq!(next_due(&fixture.store, project).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_processes_never_claim_the_same_call() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let other = fixture::open(&fixture.database).await;
    let project = fixture.project.id;
    insert(&fixture.store, &[call(project, 1, "a1"), call(project, 2, "b1"), call(project, 1, "a2")], 0).await;
    let mut one = fixture.begin().await.unwrap();
    let mut two = other.begin().await.unwrap();
    assert_eq!(payloads(&one.claim_calls(project, at(0), 1).await.unwrap()), ["a1"]);
    assert_eq!(payloads(&two.claim_calls(project, at(0), 9).await.unwrap()), ["b1"], "a2 is behind a1");
    one.commit().await.unwrap();
    two.commit().await.unwrap();
}
