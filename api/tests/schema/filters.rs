//! Which sessions a filter shows.

use serde_json::{Value, json};

use crate::stage::{Client, Stage};

const QUERY: &str = "query($id: ID!, $filter: SessionFilter) { sessions(projectId: $id, first: 100, filter: $filter,
    orderBy: { field: CREATED_AT, direction: ASC }) { nodes { number } } }";

async fn shown(client: &Client, stage: &Stage, filter: Value) -> Vec<i64> {
    let data = client.data(QUERY, json!({ "id": stage.project_id, "filter": filter })).await;
    data["sessions"]["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_i64().unwrap()).collect()
}

/// Session 1 is closed, 2 has the administrator, 3 is as it came.
async fn three_sessions() -> (Stage, Client) {
    let stage = Stage::open().await;
    for user in 1..=3 {
        stage.customer_writes(user, "Hello").await;
    }
    let admin = stage.admin().await;
    let sessions = stage.session_ids().await;
    admin.mutate("sessionClose", "", json!({ "sessionId": sessions[0] })).await;
    admin.mutate("messageSend", "", json!({ "sessionId": sessions[1], "text": "Hi" })).await;
    (stage, admin)
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_compare_and_combine() {
    let (stage, admin) = three_sessions().await;
    let viewer = admin.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
    let query = "query($id: ID!) { session(id: $id) { createdAt customer { id } } }";
    let second = admin.data(query, json!({ "id": stage.session_ids().await[1] })).await["session"].clone();
    let status = |status: &str| json!({ "status": { "eq": status } });
    for (filter, expected) in [
        (json!({}), vec![1, 2, 3]),
        (json!({ "status": null, "number": {} }), vec![1, 2, 3]),
        (status("CLOSED"), vec![1]),
        (json!({ "status": { "in": ["CLOSED", "PROCESSING"] } }), vec![1, 2]),
        (json!({ "status": { "in": [] } }), vec![]),
        (json!({ "status": { "eq": "CLOSED", "in": ["PROCESSING"] } }), vec![]),
        (json!({ "priority": { "eq": "MEDIUM" } }), vec![1, 2, 3]),
        (json!({ "priority": { "in": ["LOW", "URGENT"] } }), vec![]),
        (json!({ "assigneeId": { "isNull": true } }), vec![1, 3]),
        (json!({ "assigneeId": { "isNull": false } }), vec![2]),
        (json!({ "assigneeId": { "eq": viewer } }), vec![2]),
        (json!({ "assigneeId": { "in": [viewer] } }), vec![2]),
        (json!({ "customerId": { "eq": second["customer"]["id"] } }), vec![2]),
        (json!({ "number": { "in": [1, 3, 9] } }), vec![1, 3]),
        (json!({ "createdAt": { "gte": second["createdAt"] } }), vec![2, 3]),
        (json!({ "createdAt": { "lt": second["createdAt"] } }), vec![1]),
        (json!({ "lastMessageAt": { "gte": "2020-01-01T00:00:00Z", "lt": "2020-01-02T00:00:00+01:00" } }), vec![]),
        (json!({ "and": [] }), vec![1, 2, 3]),
        (json!({ "or": [] }), vec![]),
        (json!({ "or": [status("CLOSED"), { "number": { "eq": 3 } }] }), vec![1, 3]),
        (json!({ "and": [{ "not": status("CLOSED") }, { "assigneeId": { "isNull": true } }] }), vec![3]),
        (json!({ "not": { "or": [status("CLOSED"), status("PROCESSING")] } }), vec![3]),
    ] {
        assert_eq!(shown(&admin, &stage, filter.clone()).await, expected, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_has_bounds() {
    let (stage, admin) = three_sessions().await;
    let nested = |depth| (1..depth).fold(json!({ "number": { "eq": 3 } }), |inner, _| json!({ "not": inner }));
    let wide = |count| json!({ "or": vec![json!({ "number": { "eq": 3 } }); count] });
    let long = |count: i64| json!({ "number": { "in": (1..=count).collect::<Vec<_>>() } });
    for (filter, expected) in [(nested(5), vec![3]), (wide(49), vec![3]), (long(100), vec![1, 2, 3])] {
        assert_eq!(shown(&admin, &stage, filter).await, expected);
    }
    for filter in [nested(6), wide(50), long(101)] {
        let variables = json!({ "id": stage.project_id, "filter": filter });
        assert_eq!(admin.code(QUERY, variables).await, "INVALID_ARGUMENT");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_in_a_filter_are_checked() {
    let (stage, admin) = three_sessions().await;
    for filter in [
        json!({ "assigneeId": { "eq": stage.project_id } }),
        json!({ "customerId": { "in": ["nonsense"] } }),
        json!({ "not": { "customerId": { "eq": "" } } }),
    ] {
        let variables = json!({ "id": stage.project_id, "filter": filter });
        assert_eq!(admin.code(QUERY, variables).await, "INVALID_ID");
    }
}
