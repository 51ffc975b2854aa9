//! Lists, page by page.

use serde_json::{Value, json};

use crate::stage::{Client, Stage};

const SESSIONS: &str =
    "query($id: ID!, $order: SessionOrder, $first: Int, $after: String, $last: Int, $before: String) {
    sessions(projectId: $id, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { number } } nodes { number }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

async fn page(client: &Client, stage: &Stage, arguments: Value) -> Value {
    let mut variables = json!({ "id": stage.project_id });
    variables.as_object_mut().unwrap().extend(arguments.as_object().unwrap().clone());
    client.data(SESSIONS, variables).await["sessions"].clone()
}

fn numbers(page: &Value) -> Vec<i64> {
    let of = |list: &Value, number: fn(&Value) -> &Value| -> Vec<i64> {
        list.as_array().unwrap().iter().map(|item| number(item).as_i64().unwrap()).collect()
    };
    let numbers = of(&page["nodes"], |node| &node["number"]);
    assert_eq!(numbers, of(&page["edges"], |edge| &edge["node"]["number"]));
    let cursors: Vec<_> = page["edges"].as_array().unwrap().iter().map(|edge| &edge["cursor"]).collect();
    let info = &page["pageInfo"];
    assert_eq!(cursors.first().copied().unwrap_or(&Value::Null), &info["startCursor"]);
    assert_eq!(cursors.last().copied().unwrap_or(&Value::Null), &info["endCursor"]);
    numbers
}

async fn five_sessions() -> (Stage, Client) {
    let stage = Stage::open().await;
    for user in 1..=5 {
        stage.customer_writes(user, "Hello").await;
    }
    // The oldest session has the newest message.
    stage.customer_writes(1, "Hello?").await;
    let admin = stage.admin().await;
    (stage, admin)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_forward_and_backward_show_every_session_once() {
    let (stage, admin) = five_sessions().await;
    let oldest = json!({ "field": "CREATED_AT", "direction": "ASC" });
    for (order, expected) in [
        (json!(null), [1, 5, 4, 3, 2]),
        (json!({ "field": "LAST_MESSAGE_AT", "direction": "ASC" }), [2, 3, 4, 5, 1]),
        (json!({ "field": "CREATED_AT" }), [5, 4, 3, 2, 1]),
        (oldest, [1, 2, 3, 4, 5]),
    ] {
        let mut after = json!(null);
        let mut seen = Vec::new();
        for size in [2, 2, 1] {
            let page = page(&admin, &stage, json!({ "order": order, "first": 2, "after": after })).await;
            assert_eq!(numbers(&page).len(), size);
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !seen.is_empty());
            seen.extend(numbers(&page));
            assert_eq!(page["pageInfo"]["hasNextPage"], seen.len() < 5);
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, expected, "{order}");

        let mut before = json!(null);
        let mut seen = Vec::new();
        for _ in 0..3 {
            let page = page(&admin, &stage, json!({ "order": order, "last": 2, "before": before })).await;
            assert_eq!(page["pageInfo"]["hasNextPage"], !seen.is_empty());
            seen.splice(..0, numbers(&page));
            assert_eq!(page["pageInfo"]["hasPreviousPage"], seen.len() < 5);
            before = page["pageInfo"]["startCursor"].clone();
        }
        assert_eq!(seen, expected, "{order}");
        let end = page(&admin, &stage, json!({ "order": order, "last": 2, "before": before })).await;
        assert!(numbers(&end).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_1_to_100_items() {
    let (stage, admin) = five_sessions().await;
    for (first, last) in
        [(Some(0), None), (None, Some(0)), (Some(-1), None), (Some(101), None), (None, None), (Some(1), Some(1))]
    {
        let variables = json!({ "id": stage.project_id, "first": first, "last": last });
        assert_eq!(admin.code(SESSIONS, variables).await, "INVALID_ARGUMENT", "{first:?} {last:?}");
    }
    assert_eq!(numbers(&page(&admin, &stage, json!({ "first": 100 })).await).len(), 5);
    let bare = "{ projects { nodes { id } } }";
    assert_eq!(admin.code(bare, json!({})).await, "INVALID_ARGUMENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_good_for_its_own_list_and_order_only() {
    let (stage, admin) = five_sessions().await;
    let newest = page(&admin, &stage, json!({ "first": 1 })).await["pageInfo"]["endCursor"].clone();
    let query = "query($id: ID!) { session(id: $id) { messages(first: 1) { edges { cursor } } } }";
    let sessions = stage.session_ids().await;
    let messages = admin.data(query, json!({ "id": sessions[0] })).await;
    let message = messages["session"]["messages"]["edges"][0]["cursor"].clone();

    let by_age = json!({ "field": "CREATED_AT" });
    let backwards = json!({ "field": "LAST_MESSAGE_AT", "direction": "ASC" });
    for (order, cursor) in [
        (&by_age, &newest),
        (&backwards, &newest),
        (&json!(null), &message),
        (&json!(null), &json!("nonsense")),
        (&json!(null), &json!("")),
    ] {
        for argument in ["after", "before"] {
            let variables = json!({ "id": stage.project_id, "first": 1, "order": order, argument: cursor });
            assert_eq!(admin.code(SESSIONS, variables).await, "INVALID_CURSOR", "{order} {cursor}");
        }
    }
    let query =
        "query($id: ID!, $after: String!) { session(id: $id) { messages(first: 1, after: $after) { nodes { id } } } }";
    for (session, cursor) in [(&sessions[1], &message), (&sessions[0], &newest)] {
        assert_eq!(admin.code(query, json!({ "id": session, "after": cursor })).await, "INVALID_CURSOR");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_total_counts_what_the_filter_lets_through() {
    let (stage, admin) = five_sessions().await;
    let query = "query($id: ID!, $filter: SessionFilter) { project(id: $id) { sessions(first: 1, filter: $filter) { totalCount } }
        sessions(projectId: $id, last: 1, filter: $filter) { totalCount } projects(first: 1) { totalCount } }";
    for (filter, count) in [(json!(null), 5), (json!({ "number": { "in": [2, 3, 99] } }), 2)] {
        let data = admin.data(query, json!({ "id": stage.project_id, "filter": filter })).await;
        assert_eq!(data["project"]["sessions"]["totalCount"], count);
        assert_eq!(data["sessions"]["totalCount"], count);
        assert_eq!(data["projects"]["totalCount"], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_total_is_counted_in_whatever_way_it_is_asked_for() {
    let (stage, admin) = five_sessions().await;
    let query = "query($id: ID!, $counted: Boolean!) {
        aliased: sessions(projectId: $id, first: 1) { all: totalCount }
        spread: sessions(projectId: $id, first: 1) { ...Total }
        included: sessions(projectId: $id, first: 1) { ... on SessionConnection @include(if: $counted) { totalCount } }
        skipped: sessions(projectId: $id, first: 1) { nodes { number } totalCount @skip(if: $counted) } }
        fragment Total on SessionConnection { ... { totalCount } }";
    let data = admin.data(query, json!({ "id": stage.project_id, "counted": true })).await;
    let expected = json!({
        "aliased": { "all": 5 },
        "spread": { "totalCount": 5 },
        "included": { "totalCount": 5 },
        "skipped": { "nodes": [{ "number": 1 }] },
    });
    assert_eq!(data, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_listed_oldest_first() {
    let stage = Stage::open().await;
    for number in 1..=3 {
        stage.customer_writes(1, &format!("Message {number}")).await;
    }
    let query = "query($id: ID!) { session(id: $id) { unreadCount lastMessage { text }
        first: messages(first: 2) { nodes { text } totalCount pageInfo { hasNextPage } }
        last: messages(last: 2) { nodes { text session { number } } pageInfo { hasPreviousPage } } } }";
    let data = stage.admin().await.data(query, json!({ "id": stage.session_ids().await[0] })).await;
    let expected = json!({ "session": {
        "unreadCount": 3,
        "lastMessage": { "text": "Message 3" },
        "first": {
            "nodes": [{ "text": "Message 1" }, { "text": "Message 2" }],
            "totalCount": 3,
            "pageInfo": { "hasNextPage": true },
        },
        "last": {
            "nodes": [
                { "text": "Message 2", "session": { "number": 1 } },
                { "text": "Message 3", "session": { "number": 1 } },
            ],
            "pageInfo": { "hasPreviousPage": true },
        },
    } });
    assert_eq!(data, expected);
}
