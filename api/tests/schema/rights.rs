//! What one may see and do. The rules are the desk's; here it shows that every field asks it.

use domain::Role;
use serde_json::{Value, json};

use crate::stage::{Client, Stage};

/// A call of every root field, with arguments that are good for an administrator.
async fn every_operation(stage: &Stage) -> Vec<(&'static str, String)> {
    let project = &stage.project_id;
    let session = &stage.session_ids().await[0];
    let mutation = |call: String| format!("mutation {{ {call} {{ userErrors {{ message }} }} }}");
    vec![
        ("viewer", "{ viewer { id } }".to_owned()),
        ("project", format!(r#"{{ project(id: "{project}") {{ id }} }}"#)),
        ("projects", "{ projects(first: 1) { totalCount } }".to_owned()),
        ("session", format!(r#"{{ session(id: "{session}") {{ id }} }}"#)),
        ("sessions", format!(r#"{{ sessions(projectId: "{project}", first: 1) {{ totalCount }} }}"#)),
        ("node", format!(r#"{{ node(id: "{session}") {{ id }} }}"#)),
        ("nodes", format!(r#"{{ nodes(ids: ["{session}"]) {{ id }} }}"#)),
        ("apiTokens", "{ apiTokens(first: 1) { totalCount } }".to_owned()),
        ("signOut", mutation("signOut".to_owned())),
        ("apiTokenCreate", mutation(r#"apiTokenCreate(input: { name: "New", scopes: [SESSIONS_READ] })"#.to_owned())),
        ("apiTokenRevoke", mutation(r#"apiTokenRevoke(input: { id: "QXBpVG9rZW46MQ" })"#.to_owned())),
        ("projectCreate", mutation(r#"projectCreate(input: { name: "New", sandbox: true })"#.to_owned())),
        ("sessionAssign", mutation(format!(r#"sessionAssign(input: {{ sessionId: "{session}", agentId: null }})"#))),
        ("sessionClose", mutation(format!(r#"sessionClose(input: {{ sessionId: "{session}" }})"#))),
        ("sessionReopen", mutation(format!(r#"sessionReopen(input: {{ sessionId: "{session}" }})"#))),
        ("sessionMarkViewed", mutation(format!(r#"sessionMarkViewed(input: {{ sessionId: "{session}" }})"#))),
        ("messageSend", mutation(format!(r#"messageSend(input: {{ sessionId: "{session}", text: "Hi" }})"#))),
        (
            "sandboxCustomerSend",
            mutation(format!(
                r#"sandboxCustomerSend(input: {{ projectId: "{project}", telegramUserId: "1", text: "Hi" }})"#
            )),
        ),
        (
            "sandboxClockAdvance",
            mutation(format!(r#"sandboxClockAdvance(input: {{ projectId: "{project}", seconds: 1 }})"#)),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_but_signing_in_needs_an_access_token() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let operations = every_operation(&stage).await;
    for (field, query) in &operations {
        assert_eq!(stage.anonymous().code(query, json!({})).await, "UNAUTHENTICATED", "{field}");
    }
    for subscription in [
        format!(r#"subscription {{ sessionEvents(projectId: "{}") {{ __typename }} }}"#, stage.project_id),
        format!(
            r#"subscription {{ sessionMessages(sessionId: "{}") {{ __typename }} }}"#,
            stage.session_ids().await[0]
        ),
    ] {
        let mut events = stage.anonymous().subscribe(&subscription, json!({}));
        let refusal = events.answer().await.unwrap();
        assert_eq!(refusal["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(events.answer().await, None);
    }

    let roots = "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }";
    let schema = stage.anonymous().data(roots, json!({})).await["__schema"].clone();
    let fields = [&schema["queryType"]["fields"], &schema["mutationType"]["fields"]];
    for field in fields.into_iter().flat_map(|fields| fields.as_array().unwrap()) {
        let name = field["name"].as_str().unwrap();
        let is_tried = operations.iter().any(|(field, _)| *field == name);
        assert!(
            is_tried || ["signIn", "tokenRefresh", "rateLimit"].contains(&name),
            "{name} is not tried without a token"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_without_a_role_sees_nothing_of_the_project() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let stranger = stage.agent("stranger@example.com", None).await;
    assert_sees_nothing(&stage, &stranger).await;
}

async fn assert_sees_nothing(stage: &Stage, client: &Client) {
    let session = stage.session_ids().await.remove(0);
    let query = "query($project: ID!, $session: ID!) { projects(first: 1) { nodes { id } totalCount } project(id: $project) { id }
        session(id: $session) { id } node(id: $session) { id } nodes(ids: [$project, $session]) { id }
        viewer { projects(first: 1) { nodes { id } totalCount } } }";
    let data = client.data(query, json!({ "project": stage.project_id, "session": session })).await;
    let nothing = json!({ "nodes": [], "totalCount": 0 });
    let expected = json!({
        "projects": nothing, "project": null, "session": null, "node": null, "nodes": [null, null],
        "viewer": { "projects": nothing },
    });
    assert_eq!(data, expected);

    let sessions = "query($id: ID!) { sessions(projectId: $id, first: 1) { nodes { id } } }";
    assert_eq!(client.code(sessions, json!({ "id": stage.project_id })).await, "NOT_FOUND");
    let refused = |mutation, input: Value| client.refusal(mutation, input);
    for mutation in ["sessionClose", "sessionReopen", "sessionMarkViewed"] {
        assert_eq!(refused(mutation, json!({ "sessionId": session })).await.0, "SESSION_NOT_FOUND", "{mutation}");
    }
    let input = json!({ "sessionId": session, "agentId": null });
    assert_eq!(refused("sessionAssign", input).await.0, "SESSION_NOT_FOUND");
    let input = json!({ "sessionId": session, "text": "Hi" });
    assert_eq!(refused("messageSend", input).await.0, "SESSION_NOT_FOUND");
    let input = json!({ "projectId": stage.project_id, "telegramUserId": "1", "text": "Hi" });
    assert_eq!(refused("sandboxCustomerSend", input).await.0, "PROJECT_NOT_FOUND");
    let input = json!({ "projectId": stage.project_id, "seconds": 1 });
    assert_eq!(refused("sandboxClockAdvance", input).await.0, "PROJECT_NOT_FOUND");
    assert_eq!(refused("projectCreate", json!({ "name": "New", "sandbox": true })).await.0, "NOT_ADMINISTRATOR");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_shows_the_viewers_own_role() {
    let stage = Stage::open().await;
    let query =
        "query($id: ID!) { project(id: $id) { role } viewer { projects(first: 5) { nodes { role } totalCount } } }";
    for (client, role) in [
        (stage.admin().await, "ADMIN"),
        (stage.agent("supervisor@example.com", Some(Role::Supervisor)).await, "SUPERVISOR"),
        (stage.agent("agent@example.com", Some(Role::Agent)).await, "AGENT"),
    ] {
        let data = client.data(query, json!({ "id": stage.project_id })).await;
        assert_eq!(data["project"]["role"], role);
        assert_eq!(data["viewer"]["projects"], json!({ "nodes": [{ "role": role }], "totalCount": 1 }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_colleague_one_sees_the_projects_that_both_may_see() {
    let stage = Stage::open().await;
    stage.real_project().await;
    let admin = stage.admin().await;
    let member = stage.agent("member@example.com", Some(Role::Agent)).await;
    let viewer = "{ viewer { id } }";
    let member_id = member.data(viewer, json!({})).await["viewer"]["id"].clone();
    let admin_id = admin.data(viewer, json!({})).await["viewer"]["id"].clone();
    let query = "query($id: ID!) { node(id: $id) { ... on Agent { projects(last: 5) { totalCount } } } }";
    for (client, agent, count) in
        [(&admin, &admin_id, 2), (&admin, &member_id, 1), (&member, &admin_id, 1), (&member, &member_id, 1)]
    {
        let data = client.data(query, json!({ "id": agent })).await;
        assert_eq!(data["node"]["projects"]["totalCount"], count);
    }
}
