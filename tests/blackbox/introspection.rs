//! Whether the schema tells of itself is a setting.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::Engine;
use tests::graphql::Response;

use crate::stage::{Desk, sandbox};

/// Questions about the schema.
const QUESTIONS: &[&str] = &[
    "{ __schema { queryType { name } } }",
    "{ __schema { types { name fields { name } } } }",
    "{ a: __type(name: \"Agent\") { name fields { name } } }",
    "query Q { ...F } fragment F on Query { __schema { mutationType { name } } }",
    "{ ... on Query { ... { __type(name: \"Query\") { name } } } }",
];

/// Documents with a name that is almost one of the schema, and that name.
const TYPING_ERRORS: &[(&str, &str)] = &[
    ("{ viewr { id } }", "viewer"),
    ("{ viewer { emial } }", "email"),
    ("{ viewer { id { emial } } }", "email"),
    ("{ projects(first: 1, afterr: null) { nodes { id } } }", "after"),
    ("{ projects(first: 1) { nods { id } } }", "nodes"),
    ("mutation { sigIn(input: { email: \"e\", password: \"p\" }) { agent { id } } }", "signIn"),
    ("mutation { signIn(input: { email: \"e\", password: \"p\", emial: \"e\" }) { agent { id } } }", "email"),
    ("subscription { sessionEvent(projectId: \"x\") { __typename } }", "sessionEvents"),
    ("{ viewer { ...F } } fragment F on Agnet { id }", "Agent"),
    ("query Q($v: SignInInputt) { viewer { id } }", "SignInInput"),
    ("{ viewer { id @skp(if: true) } }", "skip"),
];

#[tokio::test(flavor = "multi_thread")]
async fn without_it_nothing_is_told_and_no_name_suggested() {
    let desk = Desk::start_with(Engine::Sqlite, |desk| desk.env("SWITCHBOARD_INTROSPECTION", "false")).await;
    for question in QUESTIONS {
        is_refused(&desk.admin.post(&json!({ "query": question })).await.unwrap());
        is_refused(&desk.admin.get(&[("query", question)]).await.unwrap());
        let mut socket = desk.admin.socket().await;
        socket.subscribe("1", json!({ "query": question })).await;
        let message = socket.next().await;
        assert_eq!(message["type"], "error", "{message}");
    }
    let mut socket = desk.admin.socket().await;
    for (document, name) in TYPING_ERRORS {
        socket.subscribe("1", json!({ "query": document })).await;
        let refused = socket.next().await;
        assert_eq!(refused["type"], "error", "{document}: {refused}");
        for error in refused["payload"].as_array().unwrap() {
            assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{document}: {refused}");
            let message = error["message"].as_str().unwrap();
            assert!(!message.contains("Did you mean") && !message.contains(&format!("\"{name}\"")), "{message}");
        }
    }
    // What every client asks of an object is its type, which tells only what it has selected anyway.
    let data = desk.admin.query("{ __typename viewer { __typename } }", Value::Null).await;
    assert_eq!(data, json!({ "__typename": "Query", "viewer": { "__typename": "Agent" } }));
    sandbox(&desk.admin).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_it_the_schema_tells_of_itself_and_helps_with_names() {
    let desk = Desk::start(Engine::Sqlite).await;
    for question in QUESTIONS {
        let answer = desk.admin.post(&json!({ "query": question })).await.unwrap();
        assert!(answer.errors.is_empty() && answer.data.is_object(), "{question} {answer:#?}");
    }
    let refused = desk.admin.post(&json!({ "query": TYPING_ERRORS[0].0 })).await.unwrap();
    let message = refused.errors[0]["message"].as_str().unwrap();
    assert!(message.contains("Did you mean \"viewer\"?"), "{message}");
}

#[track_caller]
fn is_refused(response: &Response) {
    assert_eq!(response.status, StatusCode::BAD_REQUEST, "{response:#?}");
    assert_eq!(response.data, Value::Null, "{response:#?}");
    assert!(response.error_codes().iter().all(|code| *code == "GRAPHQL_VALIDATION_FAILED"), "{response:#?}");
}
