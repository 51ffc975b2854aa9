//! Whatever is refused is refused with a code of the published list, in words that say what to do, and under an id that
//! is in the log as well.

use std::collections::BTreeSet;
use std::fs;

use api::transport::ErrorCode;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::graphql::Response;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Builder};
use tests::{Client, Engine, Server, SqliteWriteLock, on_both_engines};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::saved_views::within_nots;
use crate::stage::{BINARY, Desk, errors_of, messages, mutate, sandbox, try_mutate, until_session, until_written};

/// The codes that no request brings about, and why.
const BEYOND_REACH: &[(&str, &str)] = &[(
    "INTERNAL",
    "it is for faults of the server, and no request is known that finds one; `api/tests/transport` has resolvers that \
     fail and panic",
)];

/// Texts that are found in what Rust and the databases say of themselves, and in nothing that is meant for a client.
const FOREIGN_WORDS: &[&str] = &[
    "Error(",
    "Err(",
    "Some(",
    "None)",
    "panicked",
    "unwrap",
    "::",
    "diesel",
    "sqlite",
    "SQLite",
    "postgres",
    "libpq",
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "relation \"",
    "no such table",
    "UNIQUE constraint",
    ".rs:",
    "0x",
    "async_graphql",
    "serde",
    "tokio",
    "axum",
    "hyper",
];

/// The words of these are fixed by the protocol of Apollo's clients.
const WORDS_OF_APOLLO: &[&str] = &["PersistedQueryNotFound", "PersistedQueryNotSupported"];

/// One entry of `errors`, as a client got it.
#[derive(Debug)]
struct Refusal {
    code: String,
    message: String,
    request_id: String,
}

impl Refusal {
    /// The first error of an answer over HTTP, whose header has the same id as its errors.
    #[track_caller]
    fn of(response: &Response) -> Self {
        let header = response.headers["x-request-id"].to_str().unwrap();
        for error in &response.errors {
            assert_eq!(error["extensions"]["requestId"], header, "{response:#?}");
        }
        Self::of_error(response.errors.first().unwrap_or_else(|| panic!("nothing was refused: {response:#?}")))
    }

    #[track_caller]
    fn of_error(error: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("not complete: {error}")).to_owned();
        Self {
            code: text(&error["extensions"]["code"]),
            message: text(&error["message"]),
            request_id: text(&error["extensions"]["requestId"]),
        }
    }

    /// Checks all that is true of every refusal.
    async fn check(&self, server: &Server) {
        assert!(ErrorCode::from_name(&self.code).is_some(), "the code is not in the list: {self:?}");
        let is_sentence = self.message.split_whitespace().count() >= 3 && !self.message.contains('\n');
        assert!(is_sentence || WORDS_OF_APOLLO.contains(&&*self.message), "not a sentence: {self:?}");
        for words in FOREIGN_WORDS {
            assert!(!self.message.contains(words), "{words:?} is nothing for a client: {self:?}");
        }
        server.wait_for_log(&format!("request_id={} code={}", self.request_id, self.code)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_has_words_and_an_id_that_is_in_the_log() {
    let open = Stage::open(|settings| settings).await;
    let only = json!({ "viewer": "{ viewer { id } }" }).to_string();
    let closed = Stage::open(|settings| {
        fs::write(settings.directory().join("documents.json"), only).unwrap();
        let settings = settings.env("SWITCHBOARD_PERSISTED_DOCUMENTS", "documents.json");
        settings.env("SWITCHBOARD_PERSISTED_DOCUMENTS_ONLY", "true")
    })
    .await;

    let mut seen = BTreeSet::new();
    for (stage, refusals) in [(&open, open.refusals().await), (&closed, closed.refusals_with_an_allow_list().await)] {
        for (expected, refusal) in refusals {
            assert_eq!(refusal.code, expected, "{refusal:?}");
            refusal.check(&stage.server).await;
            seen.insert(refusal.code);
        }
        assert!(stage.server.output().find("panicked").is_none());
    }
    for (code, reason) in BEYOND_REACH {
        assert!(seen.insert((*code).to_owned()), "{code} is within reach: {reason}");
    }
    let all: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(seen, all, "each code is either provoked here or has a reason in BEYOND_REACH");
}

/// A server on a file of its own, and somebody who is signed in.
struct Stage {
    server: Server,
    settings: Builder,
}

impl Stage {
    async fn open(more: impl FnOnce(Builder) -> Builder) -> Self {
        let settings = more(Server::builder(BINARY));
        let server = settings.start().await;
        Self { server, settings }
    }

    fn anonymous(&self) -> Client {
        Client::anonymous(self.server.url())
    }

    /// One refusal for each code that a server refuses with as it comes.
    async fn refusals(&self) -> Vec<(&'static str, Refusal)> {
        let admin = Client::sign_in(self.server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
        let project = sandbox(&admin).await;
        let sessions = "query Sessions($id: ID!, $first: Int, $after: String) {
            sessions(projectId: $id, first: $first, after: $after) { nodes { id } }
        }";
        let search = "query Search($id: ID!, $query: String!) {
            search(projectId: $id, query: $query, first: 1) { nodes { __typename } }
        }";
        let nothing = "UHJvamVjdDo3Nzc3Nzc";
        let mut refusals = Vec::new();
        for (code, parameters) in [
            ("BAD_REQUEST", json!({ "query": 7 })),
            ("PAYLOAD_TOO_LARGE", json!({ "query": "{ viewer { id } }", "variables": { "v": "x".repeat(300_000) } })),
            ("QUERY_TOO_LARGE", json!({ "query": format!("{{ viewer {{ id }} }} #{}", "x".repeat(15_000)) })),
            ("GRAPHQL_PARSE_FAILED", json!({ "query": "{ viewer {" })),
            ("GRAPHQL_VALIDATION_FAILED", json!({ "query": "{ viewer { nothing } }" })),
            ("OPERATION_RESOLUTION_FAILURE", json!({ "query": "query A { viewer { id } }", "operationName": "B" })),
            ("PERSISTED_QUERY_NOT_FOUND", by_hash(&"0".repeat(64))),
            ("PERSISTED_DOCUMENT_NOT_FOUND", json!({ "documentId": "nothing" })),
            ("INVALID_ID", json!({ "query": sessions, "variables": { "id": "x", "first": 1 } })),
            ("INVALID_CURSOR", json!({ "query": sessions, "variables": { "id": project, "first": 1, "after": "x" } })),
            ("INVALID_ARGUMENT", json!({ "query": sessions, "variables": { "id": project, "first": 0 } })),
            ("QUERY_EMPTY", json!({ "query": search, "variables": { "id": project, "query": "?" } })),
            ("QUERY_TOO_LONG", json!({ "query": search, "variables": { "id": project, "query": "x".repeat(201) } })),
            ("NOT_FOUND", json!({ "query": sessions, "variables": { "id": nothing, "first": 1 } })),
        ] {
            refusals.push((code, Refusal::of(&admin.post(&parameters).await.unwrap())));
        }
        let viewer = json!({ "query": "{ viewer { id } }" });
        refusals.push(("UNAUTHENTICATED", Refusal::of(&self.anonymous().post(&viewer).await.unwrap())));
        let without_preflight = self.anonymous().request(Method::GET).query(&[("query", "{ viewer { id } }")]);
        refusals.push(("FORBIDDEN", Refusal::of(&self.anonymous().send(without_preflight).await.unwrap())));
        refusals.push(("TOO_MANY_OPERATIONS", too_many_operations(&admin, &project).await));
        refusals.push(("FILE_TOO_LARGE", self.large_file(&admin, &project).await));
        refusals.push(("TOO_MANY_FILES", self.unsent_uploads(&admin, &project).await));
        refusals.push(("TIMEOUT", self.slow_body().await));
        refusals.push(("UNAVAILABLE", self.without_database(&admin, &project).await));
        refusals.push(("RATE_LIMITED", self.greedy().await));
        refusals
    }

    /// One refusal for each code that takes an allow-list.
    async fn refusals_with_an_allow_list(&self) -> Vec<(&'static str, Refusal)> {
        let mut refusals = Vec::new();
        for (code, parameters) in [
            ("PERSISTED_QUERY_NOT_SUPPORTED", by_hash(&"0".repeat(64))),
            ("PERSISTED_DOCUMENT_REQUIRED", json!({ "query": "{ viewer { id } }" })),
        ] {
            refusals.push((code, Refusal::of(&self.anonymous().post(&parameters).await.unwrap())));
        }
        refusals
    }

    /// What somebody is told who uploads a file after the other and sends none.
    async fn unsent_uploads(&self, client: &Client, project: &str) -> Refusal {
        loop {
            let request = reqwest::Client::new().post(format!("{}/files", self.server.url()));
            let request = request.query(&[("projectId", project), ("name", "file.txt")]).body("a file");
            let answer = client.send(request.bearer_auth(client.token().unwrap())).await.unwrap();
            if answer.status != StatusCode::CREATED {
                return Refusal::of(&answer);
            }
        }
    }

    /// The download of a file that Telegram does not hand to bots.
    async fn large_file(&self, client: &Client, project: &str) -> Refusal {
        let document = "mutation Send($input: SandboxCustomerSendInput!) {
            sandboxCustomerSend(input: $input) { userErrors { code } }
        }";
        let media = json!({ "kind": "DOCUMENT", "sizeBytes": 30_000_000 });
        let input = json!({ "projectId": project, "telegramUserId": "7", "name": "C", "media": media });
        client.query(document, json!({ "input": input })).await;
        let session = until_session(client, project, 7).await;
        until_written(client, project, 7, 1).await;
        let message = messages(client, &session).await.remove(0);
        let url = format!("{}/files/{}", self.server.url(), message["id"].as_str().unwrap());
        let request = reqwest::Client::new().get(url).bearer_auth(client.token().unwrap());
        Refusal::of(&client.send(request).await.unwrap())
    }

    /// A request whose body never comes to its end.
    async fn slow_body(&self) -> Refusal {
        let address = self.server.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head =
            "POST /graphql HTTP/1.1\r\nhost: desk\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}]}") {
            assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "{}", String::from_utf8_lossy(&answer));
        }
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
        let body: Value = serde_json::from_str(body).unwrap();
        let refusal = Refusal::of_error(&body["errors"][0]);
        assert!(head.contains(&format!("x-request-id: {}", refusal.request_id)), "{head}");
        refusal
    }

    /// What somebody is told who asks for much again and again.
    async fn greedy(&self) -> Refusal {
        let much = json!({ "query": "{ projects(first: 45) { nodes { sessions(first: 100) { nodes { id } } } } }" });
        loop {
            let response = self.anonymous().post(&much).await.unwrap();
            if response.status == StatusCode::TOO_MANY_REQUESTS {
                assert!(response.headers.contains_key("retry-after"), "{response:#?}");
                return Refusal::of(&response);
            }
            assert_eq!(response.error_codes(), ["UNAUTHENTICATED"], "{response:#?}");
        }
    }

    /// A mutation while somebody else holds the database locked.
    async fn without_database(&self, admin: &Client, project: &str) -> Refusal {
        let _lock = SqliteWriteLock::take(&self.settings.directory().join("switchboard.db")).await;
        let document = "mutation Write($input: SandboxCustomerSendInput!) {
            sandboxCustomerSend(input: $input) { userErrors { code } }
        }";
        let input = json!({ "projectId": project, "telegramUserId": "7", "name": "C", "text": "t" });
        Refusal::of(&admin.try_query(document, json!({ "input": input })).await.unwrap())
    }
}

/// The operation that is one too many for its socket. Operations of a socket have ids that begin with the socket's own.
async fn too_many_operations(admin: &Client, project: &str) -> Refusal {
    let mut socket = admin.socket().await;
    for number in 0..51 {
        let query = "subscription Of($id: ID!) { sessionEvents(projectId: $id) { __typename } }";
        socket.subscribe(&number.to_string(), json!({ "query": query, "variables": { "id": project } })).await;
    }
    let refused = socket.next().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("50")));
    Refusal::of_error(&refused["payload"][0])
}

fn by_hash(hash: &str) -> Value {
    json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn input_that_makes_no_sense_is_refused_in_words_of_the_api() {
    let desk = Desk::start(Engine::Sqlite).await;
    let project = sandbox(&desk.admin).await;
    let list = "query List($id: ID!, $filter: SessionFilter, $order: SessionOrder, $first: Int) {
        sessions(projectId: $id, filter: $filter, orderBy: $order, first: $first) { nodes { id } }
    }";
    let page = |key: &str, value: Value| {
        let mut variables = json!({ "id": project, "first": 1 });
        variables[key] = value;
        json!({ "query": list, "variables": variables })
    };
    let deep = (0..40).fold(json!({ "status": { "eq": "OPEN" } }), |filter, _| json!({ "not": filter }));
    let send = "mutation Send($input: MessageSendInput!) { messageSend(input: $input) { userErrors { code } } }";
    for parameters in [
        page("id", Value::Null),
        page("id", json!([])),
        page("id", json!({})),
        page("first", json!(1.5)),
        page("first", json!("1")),
        page("first", json!(99_999_999_999_i64)),
        page("first", json!(-1)),
        page("filter", json!(7)),
        page("filter", json!({ "nothing": 1 })),
        page("filter", json!({ "status": { "eq": "NOTHING" } })),
        page("filter", json!({ "createdAt": { "gte": "yesterday" } })),
        page("filter", json!({ "createdAt": { "gte": "9999999-01-01T00:00:00Z" } })),
        page("filter", deep),
        page("order", json!({ "field": "NOTHING", "direction": "ASC" })),
        page("order", json!({})),
        json!({ "query": "{ nodes(ids: [1, \"\", null]) { id } }" }),
        json!({ "query": "{ node(id: {}) { id } }" }),
        json!({ "query": "{ viewer { id } ...F } fragment F on Query { ...F }" }),
        json!({ "query": "{ viewer }" }),
        json!({ "query": "{ viewer { id { id } } }" }),
        json!({ "query": "query($v: Nothing) { viewer { id } }" }),
        json!({ "query": "query($v: Int = \"x\") { projects(first: $v) { nodes { id } } }" }),
        json!({ "query": "{ projects(first: \"1\") { nodes { id } } }" }),
        json!({ "query": "{ projects(first: 1) { nodes { id } } } # \u{0}\u{1}{" , "variables": "{}" }),
        json!({ "query": send, "variables": {} }),
        json!({ "query": send, "variables": { "input": {} } }),
        json!({ "query": send, "variables": { "input": { "sessionId": "x", "text": 7 } } }),
        json!({ "query": send, "variables": { "input": { "sessionId": "x", "text": "t", "other": 1 } } }),
        json!({ "query": "subscription { sessionEvents(projectId: \"x\") { __typename } }" }),
    ] {
        let response = desk.admin.post(&parameters).await.unwrap();
        assert!(response.status.is_success() || response.status.is_client_error(), "{parameters} {response:#?}");
        assert!(!response.errors.is_empty(), "{parameters} {response:#?}");
        for error in &response.errors {
            Refusal::of_error(error).check(&desk.server).await;
        }
        Refusal::of(&response);
    }
    assert!(desk.server.output().find("panicked").is_none());
    assert!(desk.server.output().find("INTERNAL").is_none());
}

on_both_engines! {
    async fn a_filter_of_sessions_has_bounds(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let second = json!({ "number": { "eq": 2 } });
        let view = json!({ "projectId": project, "name": "Second", "filter": second, "shared": false });
        let view = mutate(&desk.admin, "savedViewCreate", view, "savedView { id }").await["savedView"]["id"].take();
        let list = "query List($id: ID!, $filter: SessionFilter) {
            sessions(projectId: $id, filter: $filter, first: 1) { nodes { id } }
        }";
        for (filter, words) in [
            (within_nots(5, second.clone()), "nested deeper than 5 levels"),
            (json!({ "and": vec![second.clone(); 50] }), "more than 50 conditions"),
            (json!({ "number": { "in": (0..101).collect::<Vec<_>>() } }), "more than 100 values"),
        ] {
            let variables = json!({ "id": project, "filter": filter });
            let refused = Refusal::of(&desk.admin.try_query(list, variables).await.unwrap());
            assert_eq!(refused.code, "INVALID_ARGUMENT", "{refused:?}");
            assert!(refused.message.contains(words), "{refused:?}");
            refused.check(&desk.server).await;

            let new = json!({ "projectId": project, "name": "Large", "filter": filter, "shared": false });
            let changed = json!({ "savedViewId": view, "filter": filter });
            for (mutation, input) in [("savedViewCreate", new), ("savedViewUpdate", changed)] {
                let refused = try_mutate(&desk.admin, mutation, input, "savedView { id }").await;
                assert_eq!(errors_of(&refused), ["FILTER_TOO_LARGE"], "{mutation}: {filter}");
            }
        }
    }
}
