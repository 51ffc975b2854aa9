//! Subscriptions.

use domain::Role;
use serde_json::{Value, json};

use crate::stage::{Client, Events, Stage};

const EVENTS: &str = "subscription($id: ID!, $filter: SessionEventFilter, $after: String) {
    sessionEvents(projectId: $id, filter: $filter, after: $after) { __typename
        ... on MessageAdded { cursor cause occurredAt message { text direction } session { number lastMessage { text } } }
        ... on MessageUpdated { cursor cause occurredAt message { text } session { number } }
        ... on MessageRemoved { cursor cause occurredAt messageId message { text } session { number } }
        ... on SessionOpened { cursor cause occurredAt session { number } }
        ... on SessionUpdated { cursor cause occurredAt session { number status assignee { email } } }
        ... on SessionRemoved { cursor cause occurredAt sessionId session { number } }
        ... on ResyncRequired { cursor } } }";

fn follow(client: &Client, stage: &Stage, filter: Value, after: &Value) -> Events {
    client.subscribe(EVENTS, json!({ "id": stage.project_id, "filter": filter, "after": after }))
}

async fn event_cursor(client: &Client, stage: &Stage) -> Value {
    let query = "query($id: ID!) { project(id: $id) { eventCursor } }";
    client.data(query, json!({ "id": stage.project_id })).await["project"]["eventCursor"].clone()
}

async fn names(events: &mut Events, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..count {
        names.push(events.next().await["__typename"].as_str().unwrap().to_owned());
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_comes_first_and_then_what_happens() {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    stage.customer_writes(1, "Before").await;
    let start = event_cursor(&admin, &stage).await;
    stage.customer_writes(1, "Missed").await;
    let mut events = follow(&admin, &stage, json!(null), &start);
    let added = events.next().await;
    assert_eq!(added["__typename"], "MessageAdded");
    assert_eq!(added["cause"], "CUSTOMER_MESSAGE");
    assert_eq!(added["message"], json!({ "text": "Missed", "direction": "INBOUND" }));
    assert_eq!(added["session"], json!({ "number": 1, "lastMessage": { "text": "Missed" } }));
    assert_eq!(names(&mut events, 1).await, ["SessionUpdated"]);

    let session = stage.session_ids().await.remove(0);
    admin.mutate("messageSend", "", json!({ "sessionId": session, "text": "Live" })).await;
    let live = events.next().await;
    assert_eq!(live["message"], json!({ "text": "Live", "direction": "OUTBOUND" }));
    assert_eq!(live["cause"], "AGENT_REPLY");
    let updated = events.next().await;
    assert_eq!(updated["session"]["status"], "PROCESSING");
    assert_eq!(updated["session"]["assignee"]["email"], "admin@example.com");

    // Coming back with any cursor goes on right behind it.
    let mut again = follow(&admin, &stage, json!(null), &added["cursor"]);
    assert_eq!(names(&mut again, 3).await, ["SessionUpdated", "MessageAdded", "SessionUpdated"]);
    stage.customer_writes(2, "New").await;
    for events in [&mut events, &mut again] {
        assert_eq!(names(events, 2).await, ["SessionOpened", "MessageAdded"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_shows_its_objects_as_they_are_and_not_as_an_earlier_event_found_them() {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    let start = event_cursor(&admin, &stage).await;
    let mut events = follow(&admin, &stage, json!({ "kinds": ["MESSAGE_ADDED"] }), &start);
    for text in ["One", "Two", "Three"] {
        stage.customer_writes(1, text).await;
        assert_eq!(events.next().await["session"]["lastMessage"]["text"], text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_lets_through_what_it_names() {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    let start = event_cursor(&admin, &stage).await;
    stage.customer_writes(1, "One").await;
    stage.customer_writes(2, "Two").await;
    let sessions = stage.session_ids().await;
    admin.mutate("messageSend", "", json!({ "sessionId": sessions[1], "text": "Hi" })).await;
    let viewer = admin.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();

    let mut by_session = follow(&admin, &stage, json!({ "sessionId": { "eq": sessions[0] } }), &start);
    assert_eq!(names(&mut by_session, 2).await, ["SessionOpened", "MessageAdded"]);
    let mut by_kind = follow(&admin, &stage, json!({ "kinds": ["SESSION_OPENED"] }), &start);
    assert_eq!(by_kind.next().await["session"]["number"], 1);
    assert_eq!(by_kind.next().await["session"]["number"], 2);
    let mut by_agent =
        follow(&admin, &stage, json!({ "assigneeId": { "in": [viewer] }, "kinds": ["SESSION_UPDATED"] }), &start);
    assert_eq!(by_agent.next().await["session"]["number"], 2);

    let refusal = follow(&admin, &stage, json!({ "sessionId": { "eq": viewer } }), &start).answer().await.unwrap();
    assert_eq!(refusal["errors"][0]["extensions"]["code"], "INVALID_ID");
    let many = vec![&sessions[0]; 101];
    let refusal = follow(&admin, &stage, json!({ "sessionId": { "in": many } }), &start).answer().await.unwrap();
    assert_eq!(refusal["errors"][0]["extensions"]["code"], "INVALID_ARGUMENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_messages_of_a_session_are_followed_apart() {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    stage.customer_writes(1, "One").await;
    stage.customer_writes(2, "Two").await;
    let session = stage.session_ids().await.remove(0);
    let query = "subscription($id: ID!, $after: String) { sessionMessages(sessionId: $id, after: $after) { __typename
        ... on MessageAdded { cursor message { text session { number } } } ... on ResyncRequired { cursor } } }";
    let after = event_cursor(&admin, &stage).await;
    let mut events = admin.subscribe(query, json!({ "id": session, "after": after }));
    stage.customer_writes(2, "Elsewhere").await;
    stage.customer_writes(1, "Here").await;
    let added = events.next().await;
    assert_eq!(added["message"], json!({ "text": "Here", "session": { "number": 1 } }));
    stage.customer_writes(1, "And here").await;
    assert_eq!(events.next().await["message"]["text"], "And here");
    let mut again = admin.subscribe(query, json!({ "id": session, "after": added["cursor"] }));
    assert_eq!(again.next().await["message"]["text"], "And here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_log_asks_to_load_everything_anew() {
    let (stage, other) = (Stage::open().await, Stage::open().await);
    let admin = stage.admin().await;
    let foreign = event_cursor(&other.admin().await, &other).await;
    let mut events = follow(&admin, &stage, json!({ "kinds": [] }), &foreign);
    let resync = events.next().await;
    assert_eq!(resync["__typename"], "ResyncRequired");
    let mut events = follow(&admin, &stage, json!(null), &resync["cursor"]);
    stage.customer_writes(1, "Hello").await;
    assert_eq!(names(&mut events, 1).await, ["SessionOpened"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_followed_is_refused() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let admin = stage.admin().await;
    let stranger = stage.agent("stranger@example.com", None).await;
    let session = &stage.session_ids().await[0];
    let of_session =
        "subscription($id: ID!, $after: String) { sessionMessages(sessionId: $id, after: $after) { __typename } }";
    for (client, query, id, after, code) in [
        (&admin, EVENTS, stage.project_id.as_str(), json!("nonsense"), "INVALID_CURSOR"),
        (&admin, EVENTS, session.as_str(), json!(null), "INVALID_ID"),
        (&admin, EVENTS, "UHJvamVjdDo5OTk", json!(null), "NOT_FOUND"),
        (&stranger, EVENTS, stage.project_id.as_str(), json!(null), "NOT_FOUND"),
        (&admin, of_session, stage.project_id.as_str(), json!(null), "INVALID_ID"),
        (&admin, of_session, session, json!(""), "INVALID_CURSOR"),
        (&stranger, of_session, session, json!(null), "NOT_FOUND"),
    ] {
        let mut events = client.subscribe(query, json!({ "id": id, "after": after }));
        let refusal = events.answer().await.unwrap();
        assert_eq!(refusal["errors"][0]["extensions"]["code"], code, "{query} {id}");
        assert_eq!(events.answer().await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_ends_when_the_agent_may_no_longer_sign_in() {
    let stage = Stage::open().await;
    let agent = stage.agent("agent@example.com", Some(Role::Agent)).await;
    let start = event_cursor(&agent, &stage).await;
    let mut events = follow(&agent, &stage, json!(null), &start);
    stage.customer_writes(1, "Hello").await;
    assert_eq!(names(&mut events, 2).await, ["SessionOpened", "MessageAdded"]);
    stage.desk.admin_agent_activate("agent@example.com", false).await.unwrap();
    // Rights that were read stay in use for half a second.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    stage.customer_writes(1, "Secret").await;
    let end = events.answer().await.unwrap();
    assert_eq!(end["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert!(!end.to_string().contains("Secret"));
    assert_eq!(events.answer().await, None);
}
