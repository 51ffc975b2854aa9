//! Calls to Telegram: in the order of each chat, settled by the try that made them.

use domain::{ChatId, DeliveryState, Direction, MessageId, OutboxId, ProjectId};
use store::messages::NewMessage;
use store::outbox::{Hold, Lane, NewCall, OpenTry, OutboxState, QueuedCall, Room};
use store::{Store, Tx};
use tests::{Engine, Sql, on_both_engines};

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

/// The calls of some lanes whose turn it is, at most so many of each.
async fn claim(tx: &mut Tx, project: ProjectId, lanes: &[Lane], now: i64, limit: i64) -> Vec<i64> {
    let mut ids = Vec::new();
    for lane in lanes {
        let turns = tx.claim_calls(*lane, &[Room { project_id: project, limit }], at(now)).await.unwrap();
        ids.extend(turns.into_iter().map(|turn| turn.id.0));
    }
    ids
}

/// Starts a try of these calls, and gives them in this order.
async fn start(tx: &mut Tx, ids: &[i64], attempt: &str) -> Vec<QueuedCall> {
    let mut calls = tx.start_calls(ids, attempt).await.unwrap();
    calls.sort_by_key(|call| ids.iter().position(|id| *id == call.id.0));
    calls
}

/// Claims everything that is due and starts a try of it.
async fn take(store: &Store, project: ProjectId, now: i64, attempt: &str) -> Vec<QueuedCall> {
    let mut tx = store.begin().await.unwrap();
    let ids = claim(&mut tx, project, &Lane::ALL, now, 10).await;
    let calls = start(&mut tx, &ids, attempt).await;
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

/// When the next call of each lane is due.
async fn due(store: &Store, project: ProjectId) -> Vec<(Lane, i64)> {
    let due = store.read().await.unwrap().due_lanes(&[project.0]).await.unwrap();
    assert_eq!(due[0].project_id, project);
    due[0].lanes.iter().map(|(lane, due)| (*lane, due - at(0).timestamp_micros())).collect()
}

on_both_engines! {
    async fn the_oldest_of_each_chat_goes_first_and_alone(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (project, other) = (fixture.project.id, fixture.project().await.id);
        let calls = [call(project, 1, "a1"), call(project, 1, "a2"), call(project, 2, "b1"), call(other, 1, "o1")];
        insert(&fixture.store, &calls, 10).await;

        assert_eq!(payloads(&take(&fixture.store, project, 9, "early").await), Vec::<&str>::new());
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(claim(&mut tx, project, &[Lane::LiveReply], 10, 1).await.len(), 1, "at most so many");
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
        assert_eq!(abandoned, [(taken[0].id, Lane::LiveReply, Some(reply)), (taken[1].id, Lane::LiveReply, None)]);
        assert_eq!(tx.lock_try(taken[0].id, "lost").await.unwrap(), open(OutboxState::Sending, Some(reply)));
        for (id, ..) in abandoned {
            settle(&mut tx, id, OutboxState::Unknown).await;
        }
        assert_eq!(tx.abandoned_calls(project).await.unwrap(), []);
        tx.commit().await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 50, "next").await), ["a2"]);
    }

    async fn the_next_call_is_due_that_nothing_is_in_front_of(engine: Engine) {
        use Lane::LiveReply;
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        assert_eq!(due(&fixture.store, project).await, []);
        insert(&fixture.store, &[call(project, 1, "a1"), call(project, 1, "a2")], 5).await;
        insert(&fixture.store, &[call(project, 2, "b1")], 9).await;
        assert_eq!(due(&fixture.store, project).await, [(LiveReply, 5)]);
        let taken = take(&fixture.store, project, 5, "try 1").await;
        assert_eq!(payloads(&taken), ["a1"]);
        assert_eq!(due(&fixture.store, project).await, [(LiveReply, 9)], "a2 waits for a1, whatever the time");
        let mut tx = fixture.begin().await.unwrap();
        tx.requeue_call(taken[0].id, at(7), true, "wait").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(&fixture.store, project).await, [(LiveReply, 7)]);
        take(&fixture.store, project, 9, "try 2").await;
        assert_eq!(due(&fixture.store, project).await, []);
    }

    async fn lanes_of_a_chat_do_not_wait_for_each_other(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        let of_lane = |lane, payload| NewCall { lane, ..call(project, 1, payload) };
        let calls = [
            of_lane(Lane::Bulk, "bulk 1"),
            of_lane(Lane::Bulk, "bulk 2"),
            of_lane(Lane::Notice, "notice"),
            of_lane(Lane::LiveReply, "reply"),
        ];
        insert(&fixture.store, &calls, 0).await;
        assert_eq!(due(&fixture.store, project).await, [(Lane::LiveReply, 0), (Lane::Notice, 0), (Lane::Bulk, 0)]);
        let taken = take(&fixture.store, project, 0, "try").await;
        assert_eq!(payloads(&taken), ["reply", "notice", "bulk 1"]);
        assert_eq!(taken.iter().map(|call| call.lane).collect::<Vec<_>>(), [Lane::LiveReply, Lane::Notice, Lane::Bulk]);
    }

    async fn what_changes_a_message_waits_for_it(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        let session = fixture.session(1, at(0)).await;
        let mut tx = fixture.begin().await.unwrap();
        let message = tx.insert_message(&message(&session, "Hello", None)).await.unwrap().id;
        tx.commit().await.unwrap();
        let about = |lane, payload| NewCall { lane, message_id: Some(message), ..call(project, 1, payload) };
        insert(&fixture.store, &[about(Lane::LiveReply, "send"), about(Lane::Edit, "edit")], 0).await;
        let taken = take(&fixture.store, project, 0, "try 1").await;
        assert_eq!(payloads(&taken), ["send"]);
        assert_eq!(payloads(&take(&fixture.store, project, 9, "try 2").await), [""; 0], "it is under way");
        let mut tx = fixture.begin().await.unwrap();
        tx.settle_calls_as_sent(&[taken[0].id.0], at(9)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 9, "try 3").await), ["edit"]);
    }

    async fn what_keeps_no_order_waits_for_nothing(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        let answer = |payload| NewCall { lane: Lane::Answer, ..call(project, 1, payload) };
        insert(&fixture.store, &[call(project, 1, "reply"), answer("one"), answer("two")], 0).await;
        let taken = take(&fixture.store, project, 0, "try 1").await;
        assert_eq!(payloads(&taken), ["one", "two", "reply"]);
        let mut tx = fixture.begin().await.unwrap();
        tx.requeue_call(taken[0].id, at(5), false, "wait").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(&fixture.store, project).await, [(Lane::Answer, 5)]);
    }

    async fn a_chat_that_has_had_its_share_is_left_alone(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        let edit = NewCall { lane: Lane::Edit, ..call(project, 1, "edit") };
        let bulk = NewCall { lane: Lane::Bulk, ..call(project, 1, "bulk") };
        insert(&fixture.store, &[call(project, 1, "a1"), bulk, edit, call(project, 2, "b1")], 0).await;
        let mut tx = fixture.begin().await.unwrap();
        tx.hold_chats(&[Hold { project_id: project, chat_id: ChatId(1), until: at(7) }]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 6, "try 1").await), ["b1", "edit"]);
        assert_eq!(due(&fixture.store, project).await, [(Lane::LiveReply, 7), (Lane::Bulk, 7)]);
        assert_eq!(payloads(&take(&fixture.store, project, 7, "try 2").await), ["a1", "bulk"]);
    }

    async fn the_queues_follow_the_calls_whatever_becomes_of_them(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        insert(&fixture.store, &[call(project, 1, "a1"), call(project, 1, "a2"), call(project, 1, "a3")], 0).await;
        let waiting = async || fixture.read().await.unwrap().waiting_calls(&[project.0]).await.unwrap();
        assert_eq!(waiting().await, [(project, 3)]);
        let taken = take(&fixture.store, project, 0, "try 1").await;
        let sql = Sql::connect(&fixture.database).await.unwrap();
        // A group becomes a supergroup, and an agent takes something back.
        sql.execute("UPDATE outbox SET chat_id = 2 WHERE payload = 'a2'").await.unwrap();
        sql.execute("DELETE FROM outbox WHERE payload = 'a3'").await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 0, "try 2").await), ["a2"]);
        let mut tx = fixture.begin().await.unwrap();
        settle(&mut tx, taken[0].id, OutboxState::Unknown).await;
        tx.commit().await.unwrap();
        assert_eq!(waiting().await, [(project, 1)]);
        // What nobody could tell of is made again.
        sql.execute("UPDATE outbox SET state = 'QUEUED' WHERE payload = 'a1'").await.unwrap();
        assert_eq!(payloads(&take(&fixture.store, project, 0, "try 3").await), ["a1"]);
        assert_eq!(waiting().await, [(project, 2)]);
    }

    async fn ten_thousand_that_wait_do_not_make_the_next_one_hard_to_find(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        let bulk = NewCall { lane: Lane::Bulk, ..call(project, 1, "bulk") };
        insert(&fixture.store, &vec![bulk; 10_000], 0).await;
        insert(&fixture.store, &[call(project, 1, "reply")], 1).await;
        let started = std::time::Instant::now();
        for _ in 0..50 {
            let mut tx = fixture.begin().await.unwrap();
            let ids = claim(&mut tx, project, &Lane::ALL, 1, 10).await;
            assert_eq!(payloads(&start(&mut tx, &ids, "try").await), ["reply", "bulk"]);
            tx.roll_back().await.unwrap();
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?} for 50 looks", started.elapsed());
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
    let first = claim(&mut one, project, &[Lane::LiveReply], 0, 1).await;
    let second = claim(&mut two, project, &[Lane::LiveReply], 0, 9).await;
    let (first, second) = (start(&mut one, &first, "one").await, start(&mut two, &second, "two").await);
    let mut both = [payloads(&first), payloads(&second)].concat();
    both.sort_unstable();
    assert_eq!(both, ["a1", "b1"], "a2 is behind a1");
    one.commit().await.unwrap();
    two.commit().await.unwrap();
}

/// Whoever adds a call and whoever settles the last one of the same queue may do so in the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_call_that_joins_a_queue_while_it_empties_is_not_forgotten() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let project = fixture.project.id;
    for round in 0..20 {
        insert(&fixture.store, &[call(project, 1, "first")], 0).await;
        let taken = take(&fixture.store, project, 0, "try").await;
        assert_eq!(payloads(&taken), ["first"], "round {round}");
        let store = fixture.store.clone();
        let join = tokio::spawn(async move { insert(&store, &[call(project, 1, "second")], 0).await });
        let mut tx = fixture.begin().await.unwrap();
        tx.settle_calls_as_sent(&[taken[0].id.0], at(0)).await.unwrap();
        tx.commit().await.unwrap();
        join.await.unwrap();
        let taken = take(&fixture.store, project, 0, "try").await;
        assert_eq!(payloads(&taken), ["second"], "round {round}");
        let mut tx = fixture.begin().await.unwrap();
        tx.settle_calls_as_sent(&[taken[0].id.0], at(0)).await.unwrap();
        tx.commit().await.unwrap();
    }
}
