//! An agent sees and changes the projects that they work in, and of others not even that they exist.

use serde_json::{Value, json};
use tests::graphql::Ending;
use tests::{Client, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Reader, customer_writes, errors_of, messages, sandbox, sessions, try_send, until_session,
};

on_both_engines! {
    async fn an_agent_of_another_project_sees_nothing(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        create_sandbox(&desk.admin, "Elsewhere").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let ids = ids_in(&desk.admin, &sandbox, &session).await;

        let stranger = desk.add_stranger("stranger@desk.test").await;
        let neighbour = desk.add_agent("neighbour@desk.test", "Elsewhere", "admin").await;
        assert_eq!(names_of_projects(&neighbour).await, ["Elsewhere"]);
        for outsider in [&stranger, &neighbour] {
            sees_nothing(outsider, &sandbox, &session, &ids).await;
            changes_nothing(outsider, &sandbox, &session).await;
            hears_nothing(outsider, &sandbox, &session).await;
        }
        assert_eq!(names_of_projects(&stranger).await, [""; 0]);
        assert_eq!(sessions(&desk.admin, &sandbox).await.len(), 1);
        assert_eq!(messages(&desk.admin, &session).await.len(), 1);
    }

    async fn an_agent_who_gets_a_role_sees_the_project_from_then_on(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let agent = desk.add_stranger("ada@desk.test").await;
        assert_eq!(names_of_projects(&agent).await, [""; 0]);

        desk.assign_agent("ada@desk.test", "Sandbox", "agent").await;
        until_visible(&agent, &sandbox).await;
        let mut reader = Reader::from_now(&agent, &sandbox).await;
        let sent = try_send(&agent, json!({ "sessionId": session, "text": "hello!" })).await.unwrap();
        assert_eq!(errors_of(&sent.data["messageSend"]), [""; 0]);
        reader.until("MessageAdded", |event| event["message"]["text"] == "hello!").await;

        // What only supervisors and administrators may do stays closed.
        let advance = json!({ "input": { "projectId": sandbox, "seconds": 1 } });
        let data = agent.query(CLOCK_ADVANCE, advance).await;
        assert_eq!(errors_of(&data["sandboxClockAdvance"]), ["NOT_SUPERVISOR"]);
        let create = json!({ "input": { "name": "Mine", "sandbox": true } });
        let data = agent.query(PROJECT_CREATE, create).await;
        assert_eq!(errors_of(&data["projectCreate"]), ["NOT_ADMINISTRATOR"]);
        // The session has an agent now, and somebody else does not answer in it.
        let refused = try_send(&desk.admin, json!({ "sessionId": session, "text": "me, too" })).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["NOT_ACTIVE_REPLIER"]);
    }
}

const CLOCK_ADVANCE: &str = "mutation Advance($input: SandboxClockAdvanceInput!) {
    sandboxClockAdvance(input: $input) { userErrors { code } }
}";
const PROJECT_CREATE: &str = "mutation Create($input: ProjectCreateInput!) {
    projectCreate(input: $input) { project { id } userErrors { code } }
}";

async fn create_sandbox(client: &Client, name: &str) -> String {
    let data = client.query(PROJECT_CREATE, json!({ "input": { "name": name, "sandbox": true } })).await;
    data["projectCreate"]["project"]["id"].as_str().expect("the project was added").to_owned()
}

/// The ids of everything that there is in a session.
async fn ids_in(client: &Client, project: &str, session: &str) -> Vec<Value> {
    let document = "query Ids($id: ID!) {
        session(id: $id) { customer { id } messages(first: 1) { nodes { id } } }
    }";
    let data = client.query(document, json!({ "id": session })).await;
    let session_object = &data["session"];
    vec![
        project.into(),
        session.into(),
        session_object["customer"]["id"].clone(),
        session_object["messages"]["nodes"][0]["id"].clone(),
    ]
}

async fn names_of_projects(client: &Client) -> Vec<String> {
    let data = client.query("{ projects(first: 100) { nodes { name } } }", Value::Null).await;
    let projects = data["projects"]["nodes"].as_array().expect("a list of projects").iter();
    projects.map(|project| project["name"].as_str().expect("a project has a name").to_owned()).collect()
}

/// Waits until a right that was given is felt.
async fn until_visible(client: &Client, project: &str) {
    let document = "query Project($id: ID!) { project(id: $id) { id } }";
    let variables = json!({ "id": project });
    let visible = || async {
        let data = client.query(document, variables.clone()).await;
        (data["project"]["id"] == *project).then_some(())
    };
    eventually(PATIENCE, visible).await;
}

async fn sees_nothing(outsider: &Client, project: &str, session: &str, ids: &[Value]) {
    let document =
        "query Look($project: ID!, $session: ID!) { project(id: $project) { id } session(id: $session) { id } }";
    let data = outsider.query(document, json!({ "project": project, "session": session })).await;
    assert_eq!(data, json!({ "project": null, "session": null }));

    for id in ids {
        let data = outsider.query("query Node($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(data["node"], Value::Null);
    }
    let data = outsider.query("query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
    assert_eq!(data["nodes"], Value::from(vec![Value::Null; ids.len()]));

    let document = "query List($project: ID!) { sessions(projectId: $project, first: 1) { totalCount nodes { id } } }";
    let response = outsider.try_query(document, json!({ "project": project })).await.unwrap();
    assert_eq!(response.error_codes(), ["NOT_FOUND"], "{response:?}");
}

async fn changes_nothing(outsider: &Client, project: &str, session: &str) {
    let sent = try_send(outsider, json!({ "sessionId": session, "text": "I am nobody" })).await.unwrap();
    assert_eq!(errors_of(&sent.data["messageSend"]), ["SESSION_NOT_FOUND"]);

    let write = "mutation Write($input: SandboxCustomerSendInput!) {
        sandboxCustomerSend(input: $input) { userErrors { code } }
    }";
    let input = json!({ "projectId": project, "telegramUserId": "7", "name": "C", "text": "t" });
    let data = outsider.query(write, json!({ "input": input })).await;
    assert_eq!(errors_of(&data["sandboxCustomerSend"]), ["PROJECT_NOT_FOUND"]);
    let data = outsider.query(CLOCK_ADVANCE, json!({ "input": { "projectId": project, "seconds": 1 } })).await;
    assert_eq!(errors_of(&data["sandboxClockAdvance"]), ["PROJECT_NOT_FOUND"]);

    for (mutation, input_type, input) in [
        ("sessionMarkViewed", "SessionMarkViewedInput", json!({ "sessionId": session })),
        ("sessionClose", "SessionCloseInput", json!({ "sessionId": session })),
        ("sessionReopen", "SessionReopenInput", json!({ "sessionId": session })),
        ("sessionAssign", "SessionAssignInput", json!({ "sessionId": session, "agentId": null })),
    ] {
        let document = format!(
            "mutation Change($input: {input_type}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let data = outsider.query(&document, json!({ "input": input })).await;
        assert_eq!(errors_of(&data[mutation]), ["SESSION_NOT_FOUND"], "{mutation}");
    }
}

async fn hears_nothing(outsider: &Client, project: &str, session: &str) {
    let events = "subscription Events($id: ID!) { sessionEvents(projectId: $id) { __typename } }";
    let messages = "subscription Messages($id: ID!) { sessionMessages(sessionId: $id) { __typename } }";
    for (document, id) in [(events, project), (messages, session)] {
        let mut subscription = outsider.subscribe(document, json!({ "id": id })).await;
        match subscription.ending_within(PATIENCE).await {
            Ending::Failed(errors) => assert_eq!(errors[0]["extensions"]["code"], "NOT_FOUND", "{errors}"),
            other => panic!("{document} led to {other:?}"),
        }
    }
}
