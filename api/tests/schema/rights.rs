//! What one may see. That every field asks the desk who may, `tests/blackbox/authorization` shows.

use domain::Role;
use serde_json::{Value, json};

use crate::stage::{Client, Stage};

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
