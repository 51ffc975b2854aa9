//! Global ids.

use serde_json::{Value, json};

use crate::stage::Stage;

/// The ids of one object of each type.
async fn one_of_each(stage: &Stage) -> Vec<(&'static str, String)> {
    let admin = stage.admin().await;
    let query =
        "query($id: ID!) { viewer { id } session(id: $id) { id customer { id } lastMessage { id } project { id } } }";
    let data = admin.data(query, json!({ "id": stage.session_ids().await[0] })).await;
    let session = &data["session"];
    let new = json!({ "name": "Import", "scopes": ["SESSIONS_READ"] });
    let created = admin.mutate("apiTokenCreate", "apiToken { id }", new).await;
    let id = |object: &Value| object["id"].as_str().unwrap().to_owned();
    vec![
        ("Agent", id(&data["viewer"])),
        ("ApiToken", id(&created["apiToken"])),
        ("Customer", id(&session["customer"])),
        ("Message", id(&session["lastMessage"])),
        ("Project", id(&session["project"])),
        ("Session", id(session)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn node_finds_every_object_by_its_id() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let admin = stage.admin().await;
    let objects = one_of_each(&stage).await;
    for (typename, id) in &objects {
        let data = admin.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
        assert_eq!(data["node"], json!({ "__typename": typename, "id": id }));
    }
    let ids: Vec<_> = objects.iter().map(|(_, id)| id).collect();
    let data = admin.data("query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", json!({ "ids": ids })).await;
    let expected: Vec<_> = objects.iter().map(|(typename, _)| json!({ "__typename": typename })).collect();
    assert_eq!(data["nodes"], json!(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_id_is_nothing_and_a_malformed_one_an_error() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let admin = stage.admin().await;
    // `Session:999`, `Project:999`
    let (session, project) = ("U2Vzc2lvbjo5OTk", "UHJvamVjdDo5OTk");
    let query = "query($s: ID!, $p: ID!) { node(id: $s) { id } session(id: $s) { id } project(id: $p) { id } }";
    let data = admin.data(query, json!({ "s": session, "p": project })).await;
    assert_eq!(data, json!({ "node": null, "session": null, "project": null }));

    for id in ["", "7", "nonsense", "U2Vzc2lvbjo5OTk=", "💥"] {
        for query in [
            "query($id: ID!) { node(id: $id) { id } }",
            "query($id: ID!) { nodes(ids: [$id]) { id } }",
            "query($id: ID!) { session(id: $id) { id } }",
            "query($id: ID!) { project(id: $id) { id } }",
            "query($id: ID!) { sessions(projectId: $id, first: 1) { totalCount } }",
        ] {
            assert_eq!(admin.code(query, json!({ "id": id })).await, "INVALID_ID", "{query} {id}");
        }
    }
    let many = vec![session; 101];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    assert_eq!(admin.code(query, json!({ "ids": many })).await, "INVALID_ARGUMENT");
    let data = admin.data(query, json!({ "ids": many[1..] })).await;
    assert_eq!(data["nodes"].as_array().unwrap().len(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_type_is_refused() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let admin = stage.admin().await;
    for (typename, id) in one_of_each(&stage).await {
        let fits = |wanted: &str| typename == wanted;
        for (query, wanted) in [
            ("query($id: ID!) { session(id: $id) { id } }", "Session"),
            ("query($id: ID!) { project(id: $id) { id } }", "Project"),
            ("query($id: ID!) { sessions(projectId: $id, first: 1) { totalCount } }", "Project"),
        ] {
            if !fits(wanted) {
                assert_eq!(admin.code(query, json!({ "id": id })).await, "INVALID_ID", "{query} {typename}");
            }
        }
        if !fits("Session") {
            let refusal = ("INVALID_ID".to_owned(), "input.sessionId".to_owned());
            for mutation in ["sessionClose", "sessionReopen", "sessionMarkViewed"] {
                assert_eq!(admin.refusal(mutation, json!({ "sessionId": id })).await, refusal);
            }
            assert_eq!(admin.refusal("messageSend", json!({ "sessionId": id, "text": "Hi" })).await, refusal);
            assert_eq!(admin.refusal("sessionAssign", json!({ "sessionId": id, "agentId": null })).await, refusal);
        }
        if !fits("Project") {
            let refusal = ("INVALID_ID".to_owned(), "input.projectId".to_owned());
            let input = json!({ "projectId": id, "telegramUserId": "1", "text": "Hi" });
            assert_eq!(admin.refusal("sandboxCustomerSend", input).await, refusal);
            assert_eq!(admin.refusal("sandboxClockAdvance", json!({ "projectId": id, "seconds": 1 })).await, refusal);
        }
        let session = &stage.session_ids().await[0];
        if !fits("Message") {
            let input = json!({ "sessionId": session, "text": "Hi", "replyToId": id });
            let refusal = ("INVALID_ID".to_owned(), "input.replyToId".to_owned());
            assert_eq!(admin.refusal("messageSend", input).await, refusal);
        }
        if !fits("Agent") {
            let input = json!({ "sessionId": session, "agentId": id });
            let refusal = ("INVALID_ID".to_owned(), "input.agentId".to_owned());
            assert_eq!(admin.refusal("sessionAssign", input).await, refusal);
        }
    }
}
