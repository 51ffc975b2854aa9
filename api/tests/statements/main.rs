//! How many statements an operation takes. In a binary of its own, because the counter is one of the whole process.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

#[path = "../schema/stage.rs"]
#[expect(dead_code, reason = "what the other tests of the schema need is not needed here")]
mod stage;

use domain::Role;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};

use crate::stage::{Client, Stage};

/// As many as a page has at most.
const CUSTOMERS: i64 = 100;

const INBOX: &str = "query($id: ID!, $first: Int!) { sessions(projectId: $id, first: $first) { nodes {
    id number status priority lastMessageAt unreadCount customer { id name } assignee { id name }
    lastMessage { id text direction createdAt } } } }";

const INBOX_BY_EDGES: &str = "query($id: ID!, $first: Int!) { sessions(projectId: $id, first: $first) { edges { node {
    ...Row lastMessage { author { id } } } } } }
    fragment Row on Session { id unreadCount customer { id project { id } } assignee { id } }";

/// With the clocks of service levels.
const INBOX_WITH_CLOCKS: &str = "query($id: ID!, $first: Int!) { sessions(projectId: $id, first: $first) { nodes {
    id number status priority lastMessageAt unreadCount customer { id name } assignee { id name }
    lastMessage { id text direction createdAt } sla { id metric state dueAt pausedAt } } } }";

/// The statements so far.
fn statements(metrics: &PrometheusHandle) -> u64 {
    let page = metrics.render();
    let line = page.lines().find(|line| line.starts_with("switchboard_statements_total"));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_default()
}

async fn cost(metrics: &PrometheusHandle, client: &Client, query: &str, variables: Value) -> u64 {
    // The rights of the agent, which are kept for a moment, are not part of the cost.
    client.data("{ viewer { id } }", json!({})).await;
    let before = statements(metrics);
    client.data(query, variables).await;
    statements(metrics) - before
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_takes_as_many_statements_for_many_objects_as_for_few() {
    let metrics = PrometheusBuilder::new().install_recorder().unwrap();
    let stage = Stage::open_quietly().await;
    let admin = stage.admin().await;
    let agent = stage.agent("agent@example.com", Some(Role::Agent)).await;
    for user in 1..=CUSTOMERS {
        stage.customer_writes(user, "Hello").await;
    }
    for (index, session) in stage.session_ids().await.iter().enumerate() {
        let client = if index % 2 == 0 { &admin } else { &agent };
        client.mutate("messageSend", "", json!({ "sessionId": session, "text": "Hi" })).await;
    }

    for (query, expected) in [(INBOX, 5), (INBOX_WITH_CLOCKS, 6), (INBOX_BY_EDGES, 6)] {
        for first in [2, 10, CUSTOMERS] {
            let variables = json!({ "id": stage.project_id, "first": first });
            assert_eq!(cost(&metrics, &admin, query, variables).await, expected, "a page of {first}: {query}");
        }
    }
    let bare = "query($id: ID!) { sessions(projectId: $id, first: 50) { nodes { id number status } } }";
    assert_eq!(cost(&metrics, &admin, bare, json!({ "id": stage.project_id })).await, 1);

    let customers = "query($id: ID!, $first: Int!) { customers(projectId: $id, first: $first) { nodes {
        name isCurrent timeZone note attributes { name } } } }";
    for first in [2, 10, CUSTOMERS] {
        let variables = json!({ "id": stage.project_id, "first": first });
        // The page, and what is known of its customers: who they are, notes, attributes and their project.
        assert_eq!(cost(&metrics, &admin, customers, variables).await, 5, "{first} customers");
    }

    let sessions = stage.session_ids().await;
    let nodes =
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Session { customer { id } lastMessage { author { id } } } } }";
    for count in [2, 40, CUSTOMERS as usize] {
        let variables = json!({ "ids": sessions[..count] });
        assert_eq!(cost(&metrics, &admin, nodes, variables).await, 4, "{count} nodes");
    }
    let messages = "query($id: ID!) { session(id: $id) { messages(first: 50) { nodes { author { id } session { id } replyTo { id } } } } }";
    // The session, once more to see whether it may be read, its messages and their authors.
    assert_eq!(cost(&metrics, &admin, messages, json!({ "id": sessions[0] })).await, 4);
}
