//! Who hands a session over learns of nothing later, whichever way they ask.

mod at_random;
mod model;
mod play;
mod told;

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::on_both_engines;

use crate::stage::{
    Desk, PATIENCE, customer_writes, event_cursor, messages, mutate, reply, sandbox, sessions, texts, until_session,
    until_written,
};

/// Words that only those may read for whom the session goes on.
const LATER: [&str; 2] = ["a secret", "classified"];

const EVENTS: &str = "subscription Events($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        __typename
        ... on MessageAdded { message { text } session { lastMessage { text } } }
        ... on MessageUpdated { message { text } session { lastMessage { text } } }
        ... on SessionOpened { session { lastMessage { text } } }
        ... on SessionUpdated { session { lastMessage { text } } }
        ... on SessionRemoved { sessionId session { lastMessage { text } } }
    }
}";

on_both_engines! {
    async fn who_hands_a_session_over_learns_of_nothing_later_whichever_way_they_ask(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let start = event_cursor(&desk.admin, &sandbox).await;
        let variables = json!({ "projectId": sandbox, "after": start });
        let mut live = ada.subscribe(EVENTS, variables.clone()).await;

        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        assert_eq!(bob.query(SESSION, json!({ "id": session })).await["session"], Value::Null);
        let bobs = bob.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        mutate(&ada, "sessionAssign", json!({ "sessionId": session, "agentId": bobs }), "session { id }").await;
        customer_writes(&desk.admin, &sandbox, 7, LATER[0]).await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        reply(&bob, &session, LATER[1]).await;

        // What came before stays readable, and nothing of what came later is, under no name.
        let seen = ada.query(SESSION, json!({ "id": session })).await["session"].take();
        assert_eq!((&seen["lastMessage"]["text"], &seen["unreadCount"]), (&json!("good day"), &json!(0)), "{seen}");
        assert_eq!(seen["messages"]["totalCount"], 2);
        assert_eq!((&seen["assignedAt"], &seen["waitingSince"]), (&Value::Null, &Value::Null), "what came later");
        let read = messages(&ada, &session).await;
        assert_eq!((texts(&read, "INBOUND"), texts(&read, "OUTBOUND")), (vec!["hello"], vec!["good day"]));
        assert!(sessions(&ada, &sandbox).await.is_empty());
        let count = "query Count($id: ID!) { sessions(projectId: $id, first: 1) { totalCount } }";
        assert_eq!(ada.query(count, json!({ "id": sandbox })).await["sessions"]["totalCount"], 0);
        assert_eq!(sessions(&bob, &sandbox).await.len(), 1);
        let whole = messages(&bob, &session).await;
        assert_eq!(whole.len(), 4, "with full context");
        let ids: Vec<&Value> = whole.iter().map(|message| &message["id"]).collect();
        let nodes = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { ... on Message { text } } }";
        let found = ada.query(nodes, json!({ "ids": ids })).await["nodes"].take();
        assert_eq!(found, json!([{ "text": "hello" }, { "text": "good day" }, null, null]));
        let node = "query Node($id: ID!) { node(id: $id) { ... on Session { messages(last: 1) { nodes { text } } } } }";
        let last = ada.query(node, json!({ "id": session })).await["node"]["messages"]["nodes"].take();
        assert_eq!(last, json!([{ "text": "good day" }]));

        // Neither is it told: not live, not by an old cursor, not by what only the database remembers.
        customer_writes(&desk.admin, &sandbox, 8, "the end").await;
        until_session(&ada, &sandbox, 8).await;
        told_of_the_end_only(&everything(&mut live).await);
        let mut replay = ada.subscribe(EVENTS, variables.clone()).await;
        told_of_the_end_only(&everything(&mut replay).await);
        desk.restart().await;
        let ada = desk.client_with_token_of(&ada);
        let mut replay = ada.subscribe(EVENTS, variables).await;
        told_of_the_end_only(&everything(&mut replay).await);
    }
}

const SESSION: &str = "query Session($id: ID!) {
    session(id: $id) { assignedAt waitingSince lastMessage { text } unreadCount messages(first: 10) { totalCount } }
}";

/// What is told up to the last message of all.
async fn everything(subscription: &mut Subscription) -> Vec<Value> {
    let mut told = Vec::new();
    loop {
        let event = subscription.next_within(PATIENCE).await["sessionEvents"].take();
        if event["message"]["text"] == "the end" {
            return told;
        }
        told.push(event);
    }
}

fn told_of_the_end_only(told: &[Value]) {
    let removed = told.iter().filter(|event| event["__typename"] == "SessionRemoved");
    let removed: Vec<&Value> = removed.collect();
    assert_eq!(removed.len(), 1, "{told:?}");
    assert_eq!(removed[0]["session"], Value::Null);
    let added = told.iter().filter_map(|event| event["message"]["text"].as_str());
    assert!(added.clone().any(|text| text == "good day"), "what came before is told: {told:?}");
    for words in LATER {
        assert!(told.iter().all(|event| !event.to_string().contains(words)), "{told:?}");
    }
}
