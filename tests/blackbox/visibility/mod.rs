//! Who hands a session over learns of nothing later, whichever way they ask.

mod at_random;
mod model;
mod play;
mod told;
mod while_it_happens;

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Reader, customer_writes, event_cursor, id_of, message_with_text, messages, mutate, reply, sandbox,
    sessions, texts, until_session, until_settled, until_written,
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

    async fn who_follows_the_messages_of_a_session_is_told_of_none_behind_its_end(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let start = event_cursor(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let variables = json!({ "sessionId": session, "after": start });
        let mut live = ada.subscribe(MESSAGES, variables.clone()).await;
        reply(&ada, &session, "good day").await;
        until_settled(&ada, &session, "good day").await;
        hand_over(&ada, &session, &bob).await;
        let mut project = Reader::after(&ada, &sandbox, &start).await;

        let hello = messages(&bob, &session).await.remove(0)["id"].take();
        customer_writes(&desk.admin, &sandbox, 7, LATER[0]).await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        let edit = json!({ "messageId": hello, "text": "a secret as well" });
        mutate(&desk.admin, "sandboxCustomerEdit", edit, "updateId").await;
        eventually(PATIENCE, || message_with_text(&desk.admin, &session, "a secret as well")).await;
        reply(&bob, &session, LATER[1]).await;
        until_settled(&bob, &session, LATER[1]).await;

        // Live and by an old cursor, she is told of the end, and of nothing until the desk stops long afterwards.
        told_up_to_the_end(&until_removed(&mut live).await);
        let mut replay = ada.subscribe(MESSAGES, variables.clone()).await;
        told_up_to_the_end(&until_removed(&mut replay).await);
        customer_writes(&desk.admin, &sandbox, 7, "a secret at last").await;
        until_written(&desk.admin, &sandbox, 7, 3).await;
        customer_writes(&desk.admin, &sandbox, 8, "the end").await;
        project.until("MessageAdded", |event| event["message"]["text"] == "the end").await;
        desk.restart().await;
        for subscription in [&mut live, &mut replay] {
            assert_eq!(subscription.next().await, None, "something came behind the end");
        }

        // Nor is she by what only the database remembers, until she gets it back: then she is told of everything.
        let (ada, bob) = (desk.client_with_token_of(&ada), desk.client_with_token_of(&bob));
        let mut replay = ada.subscribe(MESSAGES, variables.clone()).await;
        told_up_to_the_end(&until_removed(&mut replay).await);
        hand_over(&bob, &session, &ada).await;
        customer_writes(&desk.admin, &sandbox, 7, "me again").await;
        until_added(&mut replay, "me again").await;
        let mut whole = ada.subscribe(MESSAGES, variables).await;
        let added = until_added(&mut whole, "me again").await;
        assert_eq!(added, ["a secret as well", "good day", LATER[0], LATER[1], "a secret at last", "me again"]);
    }
}

const MESSAGES: &str = "subscription Messages($sessionId: ID!, $after: String) {
    sessionMessages(sessionId: $sessionId, after: $after) {
        __typename
        ... on MessageAdded { message { text session { lastMessage { text } } } }
        ... on MessageUpdated { message { text session { lastMessage { text } } } }
        ... on SessionRemoved { sessionId session { lastMessage { text } } }
    }
}";

/// An agent hands their session to another one.
async fn hand_over(from: &Client, session: &str, to: &Client) {
    let input = json!({ "sessionId": session, "toAgentId": id_of(to).await, "description": "for you" });
    mutate(from, "sessionTransfer", input, "transfer { at }").await;
}

/// What is told of the messages of a session up to its end for the reader.
async fn until_removed(subscription: &mut Subscription) -> Vec<Value> {
    let mut told = Vec::new();
    loop {
        let event = subscription.next_within(PATIENCE).await["sessionMessages"].take();
        let is_the_end = event["__typename"] == "SessionRemoved";
        told.push(event);
        if is_the_end {
            return told;
        }
    }
}

fn told_up_to_the_end(told: &[Value]) {
    let outline = told.iter().map(|event| (event["__typename"].as_str(), event["message"]["text"].as_str()));
    let outline: Vec<(Option<&str>, Option<&str>)> = outline.collect();
    let expected = [
        (Some("MessageAdded"), Some("hello")),
        (Some("MessageAdded"), Some("good day")),
        (Some("MessageUpdated"), Some("good day")),
        (Some("SessionRemoved"), None),
    ];
    assert_eq!(outline, expected, "{told:?}");
    assert_eq!(told[3]["session"], Value::Null);
    for words in LATER {
        assert!(told.iter().all(|event| !event.to_string().contains(words)), "{told:?}");
    }
}

/// The texts of the messages that are told to be new, up to the last one.
async fn until_added(subscription: &mut Subscription, last: &str) -> Vec<String> {
    let mut added = Vec::new();
    while added.last().is_none_or(|text| text != last) {
        let event = subscription.next_within(PATIENCE).await["sessionMessages"].take();
        if event["__typename"] == "MessageAdded" {
            added.push(event["message"]["text"].as_str().expect("a message has a text").to_owned());
        }
    }
    added
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
