//! The operations of the API that the stories are told with.

use serde_json::{Value, json};
use tests::{Client, eventually};

use super::PATIENCE;

/// The id of the project with this name.
pub async fn project_called(client: &Client, name: &str) -> String {
    let data = client.query("{ projects(first: 100) { nodes { id name } } }", Value::Null).await;
    let projects = data["projects"]["nodes"].as_array().expect("a list of projects");
    let project = projects.iter().find(|project| project["name"] == name);
    let id = project.and_then(|project| project["id"].as_str());
    id.unwrap_or_else(|| panic!("there is no project called {name}: {data}")).to_owned()
}

/// The id of the sandbox that the first start makes.
pub async fn sandbox(client: &Client) -> String {
    project_called(client, "Sandbox").await
}

/// The place that the events of a project have reached.
pub async fn event_cursor(client: &Client, project_id: &str) -> String {
    let document = "query EventCursor($id: ID!) { project(id: $id) { eventCursor } }";
    let data = client.query(document, json!({ "id": project_id })).await;
    data["project"]["eventCursor"].as_str().expect("the project is there").to_owned()
}

/// A simulated customer writes.
pub async fn customer_writes(client: &Client, project_id: &str, customer: i64, text: &str) {
    let document = "mutation CustomerWrites($input: SandboxCustomerSendInput!) {
        sandboxCustomerSend(input: $input) { userErrors { code message } }
    }";
    let input = json!({
        "projectId": project_id,
        "telegramUserId": customer.to_string(),
        "name": format!("Customer {customer}"),
        "text": text,
    });
    let data = client.query(document, json!({ "input": input })).await;
    assert_eq!(errors_of(&data["sandboxCustomerSend"]), [""; 0], "{data}");
}

/// Answers in a session.
pub async fn reply(client: &Client, session_id: &str, text: &str) -> Value {
    send(client, json!({ "sessionId": session_id, "text": text })).await
}

/// Executes `messageSend` and returns the message.
pub async fn send(client: &Client, input: Value) -> Value {
    let mut data = client.query(SEND, json!({ "input": input })).await;
    assert_eq!(errors_of(&data["messageSend"]), [""; 0], "{data}");
    data["messageSend"]["message"].take()
}

/// Executes `messageSend` and returns whatever is answered.
pub async fn try_send(client: &Client, input: Value) -> reqwest::Result<tests::graphql::Response> {
    client.try_query(SEND, json!({ "input": input })).await
}

const SEND: &str = "mutation Send($input: MessageSendInput!) {
    messageSend(input: $input) {
        message { id text direction delivery { state } }
        userErrors { code message }
    }
}";

/// The codes of the user errors in a payload.
pub fn errors_of(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("no payload of a mutation: {payload}"));
    errors.iter().map(|error| error["code"].as_str().expect("a user error has a code")).collect()
}

/// Every session of a project, oldest first.
pub async fn sessions(client: &Client, project_id: &str) -> Vec<Value> {
    let document = "query Sessions($projectId: ID!, $after: String) {
        sessions(projectId: $projectId, first: 100, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
            nodes {
                id number status closeReason version unreadCount
                customer { telegramUserId name }
                assignee { email }
                lastMessage { text delivery { state } }
            }
            pageInfo { hasNextPage endCursor }
        }
    }";
    all_pages(client, document, json!({ "projectId": project_id }), "/sessions").await
}

/// Every message of a session, in its order.
pub async fn messages(client: &Client, session_id: &str) -> Vec<Value> {
    let document = "query Messages($id: ID!, $after: String) {
        session(id: $id) {
            messages(first: 100, after: $after) {
                nodes { id text kind direction editedAt delivery { state error telegramMessageId } }
                pageInfo { hasNextPage endCursor }
            }
        }
    }";
    all_pages(client, document, json!({ "id": session_id }), "/session/messages").await
}

/// The newest session of a customer, if there is one.
pub async fn session_of(client: &Client, project_id: &str, customer: i64) -> Option<Value> {
    let number = customer.to_string();
    let sessions = sessions(client, project_id).await;
    sessions.into_iter().rev().find(|session| session["customer"]["telegramUserId"] == *number)
}

/// The customer of a session.
pub async fn customer_of(client: &Client, session_id: &str) -> Value {
    let document = "query Customer($id: ID!) { session(id: $id) { customer { name username reachable } } }";
    client.query(document, json!({ "id": session_id })).await["session"]["customer"].take()
}

/// Waits for a customer's first session and returns its id.
pub async fn until_session(client: &Client, project_id: &str, customer: i64) -> String {
    let session = eventually(PATIENCE, || session_of(client, project_id, customer)).await;
    session["id"].as_str().expect("a session has an id").to_owned()
}

/// What a customer has written, as the desk has it, in the order in which the desk has it.
pub async fn written_by(client: &Client, project_id: &str, customer: i64) -> Vec<String> {
    let number = customer.to_string();
    let mut written = Vec::new();
    for session in sessions(client, project_id).await {
        if session["customer"]["telegramUserId"] == *number {
            let id = session["id"].as_str().expect("a session has an id");
            let messages = messages(client, id).await;
            written.extend(texts(&messages, "INBOUND").into_iter().map(str::to_owned));
        }
    }
    written
}

/// Waits until the desk has this many messages of a customer, and returns all of them.
pub async fn until_written(client: &Client, project_id: &str, customer: i64, count: usize) -> Vec<String> {
    let enough = || async {
        let written = written_by(client, project_id, customer).await;
        if written.len() >= count { Ok(written) } else { Err(written) }
    };
    eventually(PATIENCE, enough).await
}

/// Waits until Telegram has answered to a message or nobody can tell any more, and returns the message.
pub async fn until_settled(client: &Client, session_id: &str, text: &str) -> Value {
    let settled = || async {
        match message_with_text(client, session_id, text).await {
            Some(message) if message["delivery"]["state"] != "QUEUED" => Ok(message),
            other => Err(other),
        }
    };
    eventually(PATIENCE, settled).await
}

/// The message of a session with this text, if there is one.
pub async fn message_with_text(client: &Client, session_id: &str, text: &str) -> Option<Value> {
    messages(client, session_id).await.into_iter().find(|message| message["text"] == text)
}

/// The texts of messages that went this way, in order.
pub fn texts<'a>(messages: &'a [Value], direction: &str) -> Vec<&'a str> {
    let messages = messages.iter().filter(|message| message["direction"] == direction);
    messages.map(|message| message["text"].as_str().expect("a message has a text")).collect()
}

async fn all_pages(client: &Client, document: &str, mut variables: Value, place: &str) -> Vec<Value> {
    let mut nodes = Vec::new();
    loop {
        let data = client.query(document, variables.clone()).await;
        let connection = data.pointer(place).unwrap_or_else(|| panic!("no {place} in {data}"));
        nodes.extend(connection["nodes"].as_array().expect("a page has nodes").iter().cloned());
        if connection["pageInfo"]["hasNextPage"] != true {
            return nodes;
        }
        variables["after"] = connection["pageInfo"]["endCursor"].clone();
    }
}
