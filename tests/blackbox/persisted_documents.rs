//! Documents that clients name instead of sending them.

use std::fs;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::graphql::Response;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Builder};
use tests::{Client, Engine, Server};

use crate::stage::{BINARY, Desk, customer_writes, event_cursor, sandbox};

const SIGN_IN: &str = "mutation In($input: SignInInput!) { signIn(input: $input) { accessToken } }";
const VIEWER: &str = "query Viewer { viewer { email } }";
const PROJECTS: &str = "query Projects { projects(first: 1) { nodes { id } } }";
const EVENTS: &str =
    "subscription Of($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) { __typename } }";
const VIEWER_HASH: &str = "7d86c6edf06896d73347fc76a08f4cf27de7fc3173940fa4e7ec2598ffbad757";
const EVENTS_HASH: &str = "1393f12f24733c611beedcf36239055966be2a72eedad7cd2c007e5d642c7221";
const SIGN_IN_HASH: &str = "ed7d88dc023c8a0dc61298db126ddcbee65e91c0c49eab5b92fd06b4fbb3c149";

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_the_manifest_is_asked_for_by_its_id() {
    let (server, admin) = with_manifest(&relay_manifest(), |settings| settings).await;
    let by_hash = format!("sha256:{VIEWER_HASH}");
    for id in ["viewer", &by_hash] {
        is_viewer(&admin.post(&json!({ "documentId": id })).await.unwrap());
        is_viewer(&admin.get(&[("documentId", id)]).await.unwrap());
        let mut socket = admin.socket().await;
        socket.subscribe("1", json!({ "documentId": id })).await;
        assert_eq!(socket.next().await["payload"]["data"]["viewer"]["email"], ADMIN_EMAIL);
    }
    // A mutation stays one, whatever it is called.
    let variables = sign_in_variables().to_string();
    let refused = admin.get(&[("documentId", "sign-in"), ("variables", &variables)]).await.unwrap();
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    // Others can still be sent.
    is_viewer(&admin.post(&json!({ "query": VIEWER })).await.unwrap());
    assert!(server.output().find("panicked").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_id_is_refused_and_so_is_one_beside_a_query() {
    let (_server, admin) = with_manifest(&relay_manifest(), |settings| settings).await;
    for id in ["nothing", "", "sha256:viewer", VIEWER_HASH] {
        let unknown = admin.post(&json!({ "documentId": id })).await.unwrap();
        is_refused(&unknown, "PERSISTED_DOCUMENT_NOT_FOUND");
        is_refused(&admin.get(&[("documentId", id)]).await.unwrap(), "PERSISTED_DOCUMENT_NOT_FOUND");
    }
    let mut socket = admin.socket().await;
    socket.subscribe("1", json!({ "documentId": "nothing" })).await;
    let refused = socket.next().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("1")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "PERSISTED_DOCUMENT_NOT_FOUND");

    for both in [json!({ "documentId": "viewer", "query": VIEWER }), json!({ "documentId": 7 })] {
        is_refused(&admin.post(&both).await.unwrap(), "BAD_REQUEST");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allow_list_lets_nothing_else_run() {
    let only = |settings: Builder| settings.env("SWITCHBOARD_PERSISTED_DOCUMENTS_ONLY", "true");
    let (server, admin) = with_manifest(&relay_manifest(), only).await;
    is_viewer(&admin.post(&json!({ "documentId": "viewer" })).await.unwrap());
    is_viewer(&admin.post(&by_hash(VIEWER_HASH, None)).await.unwrap());
    is_viewer(&admin.post(&by_hash("viewer", None)).await.unwrap());
    is_viewer(&admin.post(&by_hash(VIEWER_HASH, Some(VIEWER))).await.unwrap());

    let other = "query Other { viewer { name } }";
    for query in [VIEWER, other, "{ __schema { queryType { name } } }", "{"] {
        is_refused(&admin.post(&json!({ "query": query })).await.unwrap(), "PERSISTED_DOCUMENT_REQUIRED");
        is_refused(&admin.get(&[("query", query)]).await.unwrap(), "PERSISTED_DOCUMENT_REQUIRED");
        let mut socket = admin.socket().await;
        socket.subscribe("1", json!({ "query": query })).await;
        assert_eq!(socket.next().await["payload"][0]["extensions"]["code"], "PERSISTED_DOCUMENT_REQUIRED");
    }
    // A name that is on the list opens no door for another document.
    for hash in ["viewer", VIEWER_HASH, EVENTS_HASH] {
        is_refused(&admin.post(&by_hash(hash, Some(other))).await.unwrap(), "PERSISTED_DOCUMENT_REQUIRED");
    }
    let unknown = admin.post(&by_hash(&"0".repeat(64), None)).await.unwrap();
    is_refused(&unknown, "PERSISTED_QUERY_NOT_SUPPORTED");
    assert_eq!(unknown.errors[0]["message"], "PersistedQueryNotSupported");

    let mut socket = admin.socket().await;
    let project = admin.post(&json!({ "documentId": "projects" })).await.unwrap();
    let id = &project.data["projects"]["nodes"][0]["id"];
    socket.subscribe("events", json!({ "documentId": "events", "variables": { "id": id } })).await;
    socket.subscribe("viewer", json!({ "documentId": "viewer" })).await;
    // What comes first is no refusal of the subscription, which would have been told before.
    assert_eq!(socket.next().await["id"], "viewer");
    assert!(server.output().find("panicked").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_of_apollo_is_read_as_well() {
    let manifest = json!({
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [
            { "id": VIEWER_HASH, "name": "Viewer", "type": "query", "body": VIEWER },
            { "id": SIGN_IN_HASH, "name": "In", "type": "mutation", "body": SIGN_IN },
        ],
    });
    let (_server, admin) = with_manifest(&manifest, |settings| settings).await;
    is_viewer(&admin.post(&by_hash(VIEWER_HASH, None)).await.unwrap());
    is_viewer(&admin.post(&json!({ "documentId": VIEWER_HASH })).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_cannot_be_used_ends_the_start_and_names_the_document() {
    let settings = Server::builder(BINARY);
    let file = settings.directory().join("documents.json");
    let named = settings.clone().env("SWITCHBOARD_PERSISTED_DOCUMENTS", "documents.json");
    let refused = async |settings: &Builder, words: &[&str]| {
        let refused = settings.run(["serve"]).await;
        assert!(!refused.status.success(), "the start was not refused");
        for words in words {
            assert!(refused.stderr().contains(words), "{words} is missing: {}", refused.stderr());
        }
        assert!(!settings.directory().join("switchboard.db").exists());
    };
    refused(&named, &["SWITCHBOARD_PERSISTED_DOCUMENTS", "documents.json"]).await;
    let deep = format!("{}{}", "{ viewer ".repeat(70), "}".repeat(70));
    for (manifest, words) in [
        ("{".to_owned(), "not JSON: look at line 1"),
        ("[]".to_owned(), "has to be a JSON object"),
        (json!({ "good": VIEWER, "bad": "{ nothing }" }).to_string(), "document \"bad\": line 1, column 3: "),
        (json!({ "good": VIEWER, "bad": "{ viewer {" }).to_string(), "document \"bad\": line 1, column 11: "),
        (json!({ "bad": deep }).to_string(), "document \"bad\": The document has more than 64 levels"),
    ] {
        fs::write(&file, manifest).unwrap();
        refused(&named, &["SWITCHBOARD_PERSISTED_DOCUMENTS", words]).await;
    }
    let only = settings.clone().env("SWITCHBOARD_PERSISTED_DOCUMENTS_ONLY", "true");
    refused(&only, &["SWITCHBOARD_PERSISTED_DOCUMENTS_ONLY", "name one in SWITCHBOARD_PERSISTED_DOCUMENTS"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_was_sent_once_with_its_hash_is_known_from_then_on() {
    let desk = Desk::start(Engine::Sqlite).await;
    let unknown = desk.admin.post(&by_hash(VIEWER_HASH, None)).await.unwrap();
    is_refused(&unknown, "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(unknown.errors[0]["message"], "PersistedQueryNotFound");
    // Clients that read the body of a 200 only are answered with one.
    let plain = desk.admin.request(reqwest::Method::POST).header("accept", "application/json");
    let plain = desk.admin.send(plain.json(&by_hash(VIEWER_HASH, None))).await.unwrap();
    assert_eq!(plain.error_codes(), ["PERSISTED_QUERY_NOT_FOUND"]);

    is_viewer(&desk.admin.post(&by_hash(VIEWER_HASH, Some(VIEWER))).await.unwrap());
    is_viewer(&desk.admin.post(&by_hash(VIEWER_HASH, None)).await.unwrap());
    let extensions = by_hash(VIEWER_HASH, None)["extensions"].to_string();
    is_viewer(&desk.admin.get(&[("extensions", &extensions)]).await.unwrap());
    let mut socket = desk.admin.socket().await;
    socket.subscribe("1", by_hash(VIEWER_HASH, None)).await;
    assert_eq!(socket.next().await["payload"]["data"]["viewer"]["email"], ADMIN_EMAIL);

    // Knowing a document gives nobody a right.
    let anonymous = Client::anonymous(desk.server.url());
    let response = anonymous.post(&by_hash(VIEWER_HASH, None)).await.unwrap();
    assert_eq!(response.error_codes(), ["UNAUTHENTICATED"]);
    // A mutation that is known cannot be sent by GET.
    let mut sign_in = by_hash(SIGN_IN_HASH, Some(SIGN_IN));
    sign_in["variables"] = sign_in_variables();
    assert!(anonymous.post(&sign_in).await.unwrap().data["signIn"]["accessToken"].is_string());
    let extensions = by_hash(SIGN_IN_HASH, None)["extensions"].to_string();
    let variables = sign_in_variables().to_string();
    let refused = anonymous.get(&[("extensions", &extensions), ("variables", &variables)]).await.unwrap();
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_was_sent_once_with_its_hash_is_known_from_then_on() {
    let desk = Desk::start(Engine::Sqlite).await;
    let sandbox = sandbox(&desk.admin).await;
    let mut first = desk.admin.socket().await;
    let after = |mut parameters: Value, cursor: String| {
        parameters["variables"] = json!({ "id": sandbox, "after": cursor });
        parameters
    };
    let start = event_cursor(&desk.admin, &sandbox).await;
    first.subscribe("1", after(by_hash(EVENTS_HASH, Some(EVENTS)), start)).await;
    customer_writes(&desk.admin, &sandbox, 7, "hello").await;
    assert_eq!(first.next().await["type"], "next");

    let mut second = desk.admin.socket().await;
    let start = event_cursor(&desk.admin, &sandbox).await;
    second.subscribe("1", after(by_hash(EVENTS_HASH, None), start)).await;
    customer_writes(&desk.admin, &sandbox, 7, "again").await;
    assert_eq!(second.next().await["type"], "next");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_fit_to_run_is_not_kept() {
    let desk = Desk::start(Engine::Sqlite).await;
    let wrong = desk.admin.post(&by_hash(VIEWER_HASH, Some("{ viewer { name } }"))).await.unwrap();
    is_refused(&wrong, "BAD_REQUEST");
    is_refused(&desk.admin.post(&by_hash(VIEWER_HASH, None)).await.unwrap(), "PERSISTED_QUERY_NOT_FOUND");

    for (document, hash, code) in [
        (
            "{ nothing }",
            "919c0b7aa452b0b2fb42688461501bb8b0c3ef3b9d05ce7b9afd4f28bbe96ceb",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("{", "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96", "GRAPHQL_PARSE_FAILED"),
    ] {
        is_refused(&desk.admin.post(&by_hash(hash, Some(document))).await.unwrap(), code);
        is_refused(&desk.admin.post(&by_hash(hash, None)).await.unwrap(), "PERSISTED_QUERY_NOT_FOUND");
    }
    for extension in [json!(7), json!({ "version": 2, "sha256Hash": VIEWER_HASH }), json!({ "version": 1 })] {
        let malformed = json!({ "query": VIEWER, "extensions": { "persistedQuery": extension } });
        is_refused(&desk.admin.post(&malformed).await.unwrap(), "BAD_REQUEST");
    }
}

fn relay_manifest() -> Value {
    json!({ "viewer": VIEWER, "sign-in": SIGN_IN, "events": EVENTS, "projects": PROJECTS })
}

/// A server with a manifest, and a client of it that signed in by a document of the manifest.
async fn with_manifest(manifest: &Value, more: impl FnOnce(Builder) -> Builder) -> (Server, Client) {
    let settings = Server::builder(BINARY);
    fs::write(settings.directory().join("documents.json"), manifest.to_string()).unwrap();
    let settings = more(settings.env("SWITCHBOARD_PERSISTED_DOCUMENTS", "documents.json"));
    let server = settings.start().await;
    let anonymous = Client::anonymous(server.url());
    let id = format!("sha256:{SIGN_IN_HASH}");
    let sign_in = json!({ "documentId": id, "variables": sign_in_variables() });
    let response = anonymous.post(&sign_in).await.unwrap();
    let token = response.data["signIn"]["accessToken"].as_str().unwrap_or_else(|| panic!("{response:#?}"));
    (server, anonymous.with_token(token))
}

fn sign_in_variables() -> Value {
    json!({ "input": { "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD } })
}

/// The parameters of an automatic persisted query.
fn by_hash(hash: &str, query: Option<&str>) -> Value {
    let mut parameters = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    if let Some(query) = query {
        parameters["query"] = query.into();
    }
    parameters
}

#[track_caller]
fn is_viewer(response: &Response) {
    assert_eq!(response.status, StatusCode::OK, "{response:#?}");
    assert_eq!(response.data["viewer"]["email"], ADMIN_EMAIL, "{response:#?}");
}

#[track_caller]
fn is_refused(response: &Response, code: &str) {
    assert_eq!((response.status, response.error_codes()), (StatusCode::BAD_REQUEST, vec![code]), "{response:#?}");
    assert_eq!(response.data, Value::Null);
    assert_eq!(response.errors[0]["extensions"]["requestId"], response.headers["x-request-id"].to_str().unwrap());
}
