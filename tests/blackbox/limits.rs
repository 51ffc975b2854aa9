//! How much a client may ask for: one request just within each limit, and one just beyond it.

use std::fmt::Write as _;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::graphql::{Response, Socket};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Builder};
use tests::{Client, Engine, Server};

use crate::stage::{BINARY, Desk, customer_writes, event_cursor, sandbox};

/// What is asked for, just within a limit and just beyond it.
struct Case {
    limit: &'static str,
    within: Value,
    beyond: Value,
    /// What the refusal says.
    says: &'static str,
}

impl Case {
    /// Documents without variables.
    fn of(limit: &'static str, document: impl Fn(usize) -> String, most: usize, says: &'static str) -> Self {
        let [within, beyond] = [most, most + 1].map(|count| json!({ "query": document(count) }));
        Self { limit, within, beyond, says }
    }

    /// The same document with variables.
    fn of_variables(limit: &'static str, variables: impl Fn(usize) -> Value, most: usize, says: &'static str) -> Self {
        let [within, beyond] =
            [most, most + 1].map(|count| json!({ "query": "{ viewer { id } }", "variables": variables(count) }));
        Self { limit, within, beyond, says }
    }
}

fn cases() -> Vec<Case> {
    let refresh = |count: usize| {
        let fields =
            (0..count).map(|n| format!("t{n}: tokenRefresh(input: {{ refreshToken: \"x\" }}) {{ expiresAt }} "));
        format!("mutation {{ {} }}", fields.collect::<String>())
    };
    let deep = |depth: usize| {
        let bottom = if depth == 12 { "id" } else { "customer { id }" };
        format!(
            "{{ viewer {{ projects(first: 1) {{ nodes {{ sessions(first: 1) {{ nodes {{ messages(first: 1) {{ nodes {{
               session {{ messages(first: 1) {{ nodes {{ session {{ {bottom} }} }} }} }} }} }} }} }} }} }} }} }}"
        )
    };
    let expanded = |count: usize| {
        let (spreads, ids) = ("...F ".repeat(37), "id ".repeat(53));
        let more = "id ".repeat(count - 1 - 37 * 54);
        format!("{{ viewer {{ {spreads} {more} }} }} fragment F on Agent {{ {ids} }}")
    };
    vec![
        Case::of("characters", |count| format!("{:#<count$}", "{ viewer { id } } "), 15_000, "15000 characters"),
        Case::of("tokens", |count| format!("{{ viewer {{ {} }} }}", "id ".repeat(count - 5)), 1_000, "1000 tokens"),
        Case::of("depth", deep, 12, "12 fields inside one another"),
        Case::of("aliases", |count| format!("{{ viewer {{ {} }} }}", aliases(count)), 30, "30 aliases"),
        Case::of(
            "directives",
            |count| format!("{{ viewer {{ {} }} }}", "id @skip(if: false) ".repeat(count)),
            10,
            "10 directives",
        ),
        Case::of("root fields", |count| format!("{{ {} }}", "viewer { id } ".repeat(count)), 20, "20"),
        Case::of("mutations", refresh, 4, "5 root fields, more than 4"),
        Case::of("selections", expanded, 2_000, "2000 selections"),
        Case::of("cost", costing, 5_000, "costs 5001 points, more than 5000"),
        Case::of_variables("values", |count| json!({ "unused": vec![1; count - 1] }), 10_000, "10001 values"),
        Case::of_variables(
            "depth of input",
            |depth| json!({ "unused": (0..depth).fold(json!(1), |value, _| json!([value])) }),
            20,
            "21 deep",
        ),
    ]
}

fn costing(points: usize) -> String {
    let rest = points - (2 + 100 * (1 + 2 + 46)) - 2;
    format!(
        "{{ all: projects(first: 100) {{ nodes {{ sessions(first: 46) {{ nodes {{ id }} }} }} }}
           some: projects(first: {rest}) {{ nodes {{ id }} }} }}"
    )
}

fn aliases(count: usize) -> String {
    (0..count).fold(String::new(), |mut fields, number| {
        write!(fields, "a{number}: id ").unwrap();
        fields
    })
}

async fn signed_in(server: &Server) -> Client {
    Client::sign_in(server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await
}

async fn start(more: impl FnOnce(Builder) -> Builder) -> (Server, Client) {
    let server = more(Server::builder(BINARY)).start().await;
    let client = signed_in(&server).await;
    (server, client)
}

#[track_caller]
fn assert_answered(response: &Response, what: &str) {
    assert_eq!((response.status, &response.errors), (StatusCode::OK, &Vec::new()), "{what}");
}

#[track_caller]
fn assert_refused(response: &Response, code: &str, says: &str) {
    assert_eq!(response.error_codes(), [code], "{says}: {}", response.body);
    let message = response.errors[0]["message"].as_str().unwrap();
    assert!(message.contains(says), "{message}");
    assert_eq!(response.data, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_limit_is_where_it_is_said_to_be() {
    // All of it together is more than one client can afford at once.
    let (server, client) = start(Builder::without_rate_limit).await;
    let mut socket = Socket::connect(&server.ws_url(), client.token()).await;
    for Case { limit, within, beyond, says } in cases() {
        assert_answered(&client.post(&within).await.unwrap(), limit);
        assert_refused(&client.post(&beyond).await.unwrap(), "QUERY_TOO_LARGE", says);

        socket.subscribe("within", within).await;
        assert_eq!(socket.next().await["payload"].get("errors"), None, "{limit}");
        assert_eq!(socket.next().await["type"], "complete");
        socket.subscribe("beyond", beyond).await;
        let refused = socket.next().await;
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("beyond")), "{limit}");
        assert_eq!(refused["payload"][0]["extensions"]["code"], "QUERY_TOO_LARGE", "{limit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attacks_are_refused_before_they_begin() {
    let (server, client) = start(|settings| settings).await;
    let doubling = (0..30).fold("{ viewer { ...F0 } } fragment F30 on Agent { id }".to_owned(), |document, level| {
        let next = level + 1;
        document + &format!(" fragment F{level} on Agent {{ ...F{next} ...F{next} }}")
    });
    let circle = "{ viewer { ...F } } fragment F on Agent { id ...G ...G } fragment G on Agent { id ...F ...F }";
    let fields = (0..6).fold("name".to_owned(), |inner, _| format!("fields {{ type {{ {inner} }} }}"));
    let deep_list = format!("{{ nodes(ids: {}1{}) {{ id }} }}", "[".repeat(50), "]".repeat(50));
    let text = "x".repeat(100_000);
    let spreads = "... { ...F }".repeat(20);
    let repeated = format!("query($id: ID!) {{ {spreads} }} fragment F on Query {{ node(id: $id) {{ id }} }}");
    for (document, variables, code, says) in [
        (doubling.as_str(), json!({}), "QUERY_TOO_LARGE", "more than"),
        (circle, json!({}), "GRAPHQL_VALIDATION_FAILED", "spreads itself"),
        (&format!("{{ viewer {{ {} }} }}", aliases(100)), json!({}), "QUERY_TOO_LARGE", "30 aliases"),
        (
            &format!("{{ viewer {{ id {} }} }}", "@skip(if: false) ".repeat(100)),
            json!({}),
            "QUERY_TOO_LARGE",
            "10 directives",
        ),
        (
            &format!("{{ viewer {{ id {} }} }}", "@skip(if: false) ".repeat(2)),
            json!({}),
            "GRAPHQL_VALIDATION_FAILED",
            "skip",
        ),
        (&format!("{{ __type(name: \"Query\") {{ {fields} }} }}"), json!({}), "QUERY_TOO_LARGE", "2 lists of fields"),
        (&deep_list, json!({}), "QUERY_TOO_LARGE", "50 deep"),
        (&repeated, json!({ "id": text }), "QUERY_TOO_LARGE", "bytes in all"),
    ] {
        let response = client.try_query(document, variables).await.unwrap();
        assert_refused(&response, code, says);
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert!(response.errors[0]["locations"][0]["line"].is_u64(), "{}", response.body);
    }
    let answer =
        client.post(&json!({ "query": "{ viewer { id } }", "extensions": { "x": "x".repeat(256 * 1024) } })).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.error_codes()), (StatusCode::PAYLOAD_TOO_LARGE, vec!["PAYLOAD_TOO_LARGE"]));
    assert_answered(&client.try_query("{ viewer { id } }", json!({})).await.unwrap(), "the server goes on");
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_none_is_refused_with_its_path() {
    let (_server, client) = start(|settings| settings).await;
    let document = "query($first: Int, $last: Int) {
        viewer { projects(first: 1) { nodes { open: sessions(first: $first, last: $last) { nodes { id } } } } } }";
    for (variables, says) in [
        (json!({ "first": -1 }), "has `first: -1`, but a page has 1 to 100 items"),
        (json!({ "last": 0 }), "has `last: 0`"),
        (json!({ "first": 101 }), "has `first: 101`"),
        (json!({}), "needs `first` or `last`, from 1 to 100"),
        (json!({ "first": null }), "needs `first` or `last`"),
        (json!({ "first": 1, "last": 1 }), "has both `first` and `last`"),
    ] {
        let response = client.try_query(document, variables).await.unwrap();
        assert_refused(&response, "INVALID_ARGUMENT", &format!("`viewer.projects.nodes.open` {says}"));
        assert_eq!(response.errors[0]["locations"], json!([{ "line": 2, "column": 47 }]));
    }
    for within in [json!({ "first": 1 }), json!({ "last": 100 })] {
        assert_answered(&client.try_query(document, within).await.unwrap(), "a page");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_limit_can_be_set() {
    let (_server, client) = start(|settings| {
        [
            ("BODY_BYTES", "2000"),
            ("QUERY_CHARACTERS", "700"),
            ("QUERY_TOKENS", "120"),
            ("DEPTH", "4"),
            ("ALIASES", "2"),
            ("DIRECTIVES", "1"),
            ("ROOT_FIELDS", "3"),
            ("MUTATIONS", "1"),
            ("SELECTIONS", "60"),
            ("COST", "20"),
            ("TIMEOUT_SECONDS", "10"),
        ]
        .into_iter()
        .fold(settings, |settings, (name, value)| settings.env(&format!("SWITCHBOARD_LIMIT_{name}"), value))
    })
    .await;
    for (document, says) in [
        (format!("{:700}#", "{ viewer { id } } "), "700 characters"),
        (format!("{{ viewer {{ {} }} }}", "id ".repeat(116)), "120 tokens"),
        (format!("{{ viewer {{ {} }} }}", "id ".repeat(60)), "60 selections"),
        ("{ viewer { projects(first: 1) { nodes { id sessions(first: 1) { totalCount } } } } }".into(), "4 fields"),
        ("{ viewer { a: id b: id c: id } }".into(), "2 aliases"),
        ("{ viewer { id @skip(if: false) name @skip(if: false) } }".into(), "1 directives"),
        ("{ viewer { id } viewer { id } viewer { id } viewer { id } }".into(), "more than 3"),
        ("mutation { signOut { signedOut } signOut { signedOut } }".into(), "more than 1"),
        ("{ projects(first: 19) { nodes { id } } }".into(), "costs 21 points, more than 20"),
    ] {
        assert_refused(&client.try_query(&document, json!({})).await.unwrap(), "QUERY_TOO_LARGE", says);
    }
    let large = client.post(&json!({ "query": "{ viewer { id } }", "extensions": { "x": "x".repeat(2_000) } })).await;
    assert_eq!(large.unwrap().status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_questions_of_tools_are_answered() {
    let (_server, client) = start(|settings| settings).await;
    let response = client.try_query(include_str!("limits/introspection.graphql"), json!({})).await.unwrap();
    assert_answered(&response, "introspection");
    assert_eq!(response.data["__schema"]["queryType"]["name"], "Query");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_operation_costs_is_told_and_taken() {
    let (server, client) = start(|settings| {
        settings.env("SWITCHBOARD_RATE_LIMIT_POINTS", "50").env("SWITCHBOARD_RATE_LIMIT_POINTS_PER_SECOND", "1")
    })
    .await;
    let status = "{ rateLimit { cost limit remaining refillPerSecond resetAt } }";
    let anonymous = Client::anonymous(server.url()).query(status, json!({})).await["rateLimit"].clone();
    assert_eq!(
        (&anonymous["cost"], &anonymous["limit"], &anonymous["refillPerSecond"]),
        (&json!(0), &json!(50), &json!(1))
    );
    let left = anonymous["remaining"].as_u64().unwrap();
    assert!((35..50).contains(&left), "the sign-in cost 15, {left} are left");

    let page = "{ projects(first: 40) { nodes { id } } rateLimit { cost remaining resetAt } }";
    let bought = client.try_query(page, json!({})).await.unwrap();
    let cost = &bought.extensions["cost"];
    assert_eq!((&cost["requested"], &cost["limit"], &cost["remaining"]), (&json!(42), &json!(50), &json!(8)));
    assert_eq!(bought.data["rateLimit"], json!({ "cost": 42, "remaining": 8, "resetAt": cost["resetAt"] }));

    let refused = client.try_query(page, json!({})).await.unwrap();
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_refused(&refused, "RATE_LIMITED", "costs 42 points");
    let wait_ms = refused.errors[0]["extensions"]["retryAfterMs"].as_u64().unwrap();
    assert!((20_000..=34_000).contains(&wait_ms), "{wait_ms}");
    assert_eq!(refused.headers["retry-after"], wait_ms.div_ceil(1_000).to_string());

    let mut socket = Socket::connect(&server.ws_url(), client.token()).await;
    socket.subscribe("1", json!({ "query": page })).await;
    assert_eq!(socket.next().await["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    socket.subscribe("2", json!({ "query": status })).await;
    let next = socket.next().await;
    assert_eq!(next["payload"]["extensions"]["cost"]["requested"], 0, "{next}");
    assert!(next["payload"]["data"]["rateLimit"]["remaining"].is_u64(), "{next}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_do_not_tell_a_cost() {
    let desk = Desk::start(Engine::Sqlite).await;
    let sandbox = sandbox(&desk.admin).await;
    let start = event_cursor(&desk.admin, &sandbox).await;
    let mut socket = Socket::connect(&desk.server.ws_url(), desk.admin.token()).await;
    let document =
        "subscription($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) { __typename } }";
    socket.subscribe("1", json!({ "query": document, "variables": { "id": sandbox, "after": start } })).await;
    customer_writes(&desk.admin, &sandbox, 7, "hello").await;
    let event = socket.next().await;
    assert!(event["payload"]["data"]["sessionEvents"]["__typename"].is_string(), "{event}");
    assert_eq!(event["payload"].get("extensions"), None);

    let unlimited = desk.admin.try_query("{ viewer { id } rateLimit { remaining } }", json!({})).await.unwrap();
    assert_eq!(unlimited.extensions, json!({ "cost": { "requested": 1 } }));
    assert_eq!(unlimited.data["rateLimit"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_tells_who_the_client_is() {
    let remaining = async |server: &Server, forwarded_for: &str| {
        let client = Client::anonymous(server.url());
        let query = json!({ "query": "mutation { tokenRefresh(input: { refreshToken: \"x\" }) { expiresAt } }" });
        let request = client.request(Method::POST).json(&query).header("x-forwarded-for", forwarded_for);
        client.send(request).await.unwrap().extensions["cost"]["remaining"].as_u64().unwrap()
    };
    let settings = Server::builder(BINARY).env("SWITCHBOARD_RATE_LIMIT_POINTS_PER_SECOND", "1");
    let trusting = settings.clone().env("SWITCHBOARD_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8").start().await;
    assert_eq!(remaining(&trusting, "192.0.2.1").await, 9_990);
    assert_eq!(remaining(&trusting, "192.0.2.2, 10.1.2.3").await, 9_990);
    assert!(remaining(&trusting, "192.0.2.7, 192.0.2.1").await < 9_985, "only what the proxy adds is believed");

    let doubting = settings.database_url("sqlite://other.db").start().await;
    assert_eq!(remaining(&doubting, "192.0.2.1").await, 9_990);
    assert!(remaining(&doubting, "192.0.2.2").await < 9_985);
}
