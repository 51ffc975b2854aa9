//! Connections that stay open: sockets of `graphql-transport-ws`, and event streams of `graphql-sse`.
//!
//! `api/tests/transport` goes through every close code of the protocol; these are the ones that take the whole server.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use desk::{Clock, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::graphql::Socket;
use tests::{Client, Engine};
use tokio::time::timeout;

use crate::stage::{Desk, PATIENCE, customer_writes, event_cursor, sandbox, until_written};
use crate::token_attacks::forge::{DeskKey, Parts};

const SECRET: &[u8; 32] = b"the secret of the desk, 32 bytes";
const EVENTS: &str = "subscription Of($id: ID!, $after: String) {
    sessionEvents(projectId: $id, after: $after) { __typename ... on MessageAdded { message { text } } }
}";

/// How many operations a socket may run.
const OPERATION_LIMIT: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expires_closes_its_sockets_and_streams() {
    let desk =
        Desk::start_with(Engine::Sqlite, |desk| desk.env("SWITCHBOARD_SECRET_KEY", &STANDARD.encode(SECRET))).await;
    let sandbox = sandbox(&desk.admin).await;
    let client = desk.admin.with_token(&expiring_soon(desk.admin.token().unwrap()));

    let mut socket = client.socket().await;
    socket.subscribe("1", json!({ "query": EVENTS, "variables": { "id": sandbox } })).await;
    let stream = tokio::spawn(events_of(client.clone(), sandbox));
    assert_eq!(socket.closed().await, (4403, "Forbidden: token expired".to_owned()));
    let events = stream.await.unwrap();
    assert!(
        events.contains("\"code\":\"UNAUTHENTICATED\"") && events.ends_with("event: complete\ndata: \n\n"),
        "{events}"
    );

    let mut late = Socket::open(&desk.server.ws_url()).await;
    late.send(json!({ "type": "connection_init", "payload": { "accessToken": client.token() } })).await;
    assert_eq!(late.closed().await, (4403, "Forbidden: token expired".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_outside_the_protocol_close_the_socket_with_its_codes() {
    let desk = Desk::start(Engine::Sqlite).await;
    let url = desk.server.ws_url();
    let init = json!({ "type": "connection_init" });
    let viewer = json!({ "id": "1", "type": "subscribe", "payload": { "query": "{ viewer { id } }" } });

    let mut without_subprotocol = Socket::handshake(&url, &[]).await.unwrap();
    assert_eq!(without_subprotocol.closed().await.0, 4406);
    let mut silent = Socket::open(&url).await;
    assert_eq!(timeout(Duration::from_secs(10), silent.closed()).await.unwrap().0, 4408);
    let mut early = Socket::open(&url).await;
    early.send(viewer).await;
    assert_eq!(early.closed().await.0, 4401);
    let mut forged = Socket::open(&url).await;
    forged.send(json!({ "type": "connection_init", "payload": { "accessToken": "forged" } })).await;
    assert_eq!(forged.closed().await.0, 4403);
    let mut twice = Socket::connect(&url, None).await;
    twice.send(init).await;
    assert_eq!(twice.closed().await.0, 4429);
    let mut malformed = desk.admin.socket().await;
    malformed.send_text("{").await;
    assert_eq!(malformed.closed().await.0, 4400);
    let mut binary = desk.admin.socket().await;
    binary.send_binary(br#"{"type":"ping"}"#).await;
    assert_eq!(binary.closed().await.0, 4400);
    let mut large = desk.admin.socket().await;
    large.send_text(&"x".repeat(300_000)).await;
    assert_eq!(large.closed().await.0, 1009);

    let sandbox = sandbox(&desk.admin).await;
    let mut duplicate = desk.admin.socket().await;
    for _ in 0..2 {
        duplicate.subscribe("same", json!({ "query": EVENTS, "variables": { "id": sandbox } })).await;
    }
    assert_eq!(duplicate.closed().await, (4409, "Subscriber for same already exists".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_pings_and_lets_go_of_a_peer_that_does_not_answer() {
    let desk = Desk::start(Engine::Sqlite).await;
    let mut deaf = desk.admin.socket().await;
    let mut attentive = desk.admin.socket().await;
    let sandbox = sandbox(&desk.admin).await;
    attentive.subscribe("1", json!({ "query": EVENTS, "variables": { "id": sandbox } })).await;

    // Whoever reads, answers. After two intervals the one who does not is gone.
    let listening = async {
        while attentive.message_pings < 2 || attentive.frame_pings < 2 {
            attentive.until_ping().await;
        }
    };
    timeout(Duration::from_secs(60), listening).await.expect("the server pings");
    assert_eq!(deaf.closed().await, (1001, "No answer to the ping".to_owned()));
    customer_writes(&desk.admin, &sandbox, 7, "still here").await;
    assert_eq!(attentive.next().await["type"], "next");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_subscriptions_share_a_socket_and_one_more_is_refused() {
    let desk = Desk::start(Engine::Sqlite).await;
    let sandbox = sandbox(&desk.admin).await;
    let start = event_cursor(&desk.admin, &sandbox).await;
    let mut socket = desk.admin.socket().await;
    for number in 0..=OPERATION_LIMIT {
        let payload = json!({ "query": EVENTS, "variables": { "id": sandbox, "after": start } });
        socket.subscribe(&number.to_string(), payload).await;
    }
    let refused = socket.next().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!(OPERATION_LIMIT.to_string())));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");

    customer_writes(&desk.admin, &sandbox, 7, "for all of you").await;
    let mut told = [false; OPERATION_LIMIT];
    while told.contains(&false) {
        let message = socket.next().await;
        assert_eq!(message["type"], "next", "{message}");
        if message["payload"]["data"]["sessionEvents"]["message"]["text"] == "for all of you" {
            told[message["id"].as_str().unwrap().parse::<usize>().unwrap()] = true;
        }
    }
    // One that ends makes room for another.
    socket.send(json!({ "id": "7", "type": "complete" })).await;
    socket.subscribe("viewer", json!({ "query": "{ viewer { id } }" })).await;
    while socket.next().await["id"] != "viewer" {}
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_subscriptions_do_not_keep_others_on_the_socket_waiting() {
    const BUSY: usize = 20;
    const MESSAGES: usize = 60;
    let desk = Desk::start(Engine::Sqlite).await;
    let sandbox = sandbox(&desk.admin).await;
    let start = event_cursor(&desk.admin, &sandbox).await;
    for number in 0..MESSAGES {
        customer_writes(&desk.admin, &sandbox, 7, &number.to_string()).await;
    }
    until_written(&desk.admin, &sandbox, 7, MESSAGES).await;

    let mut socket = desk.admin.socket().await;
    for number in 0..BUSY {
        let variables = json!({ "id": sandbox, "after": start });
        socket.subscribe(&number.to_string(), json!({ "query": EVENTS, "variables": variables })).await;
    }
    socket.subscribe("viewer", json!({ "query": "{ viewer { id } }" })).await;
    let mut progress = [0; BUSY];
    let mut progress_at_the_answer = None;
    while progress.iter().any(|messages| *messages < MESSAGES) {
        let message = socket.next().await;
        match message["id"].as_str().unwrap().parse::<usize>() {
            Ok(number) => progress[number] += usize::from(is_message(&message)),
            Err(_) => {
                progress_at_the_answer.get_or_insert_with(|| progress.iter().sum::<usize>());
            }
        }
    }
    let before = progress_at_the_answer.expect("the query is answered while the others are busy");
    assert!(before < BUSY * MESSAGES * 9 / 10, "{before} of {} messages came before the answer", BUSY * MESSAGES);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_stream_tells_what_a_socket_would() {
    let desk = Desk::start(Engine::Sqlite).await;
    let sandbox = sandbox(&desk.admin).await;
    let start = event_cursor(&desk.admin, &sandbox).await;
    customer_writes(&desk.admin, &sandbox, 7, "by stream").await;
    let mut stream = open_stream(&desk.admin, EVENTS, json!({ "id": sandbox, "after": start })).await;
    let mut text = String::new();
    while !text.contains("by stream") {
        let chunk = timeout(PATIENCE, stream.chunk()).await.expect("an event comes").unwrap().unwrap();
        text.push_str(str::from_utf8(&chunk).unwrap());
    }
    assert!(text.starts_with(":\n\n") && text.contains("event: next\ndata: {\"data\":"), "{text}");
    drop(stream);

    let query = open_stream(&desk.admin, "{ __typename }", json!({})).await.text().await.unwrap();
    assert!(query.contains("event: next\ndata: {\"data\":{\"__typename\":\"Query\"}"), "{query}");
    assert!(query.ends_with("event: complete\ndata: \n\n"), "{query}");
    let refused = open_stream(&desk.admin, "subscription { nothing }", json!({})).await.text().await.unwrap();
    assert!(
        refused.contains("GRAPHQL_VALIDATION_FAILED") && refused.ends_with("event: complete\ndata: \n\n"),
        "{refused}"
    );
}

/// A token that is good for a few seconds more.
fn expiring_soon(genuine: &str) -> String {
    let now = SystemClock.now().timestamp();
    let key = DeskKey::of(SECRET);
    Parts::of(genuine).claims(json!({ "exp": now + 5 })).signed(|input| key.sign(input))
}

fn is_message(message: &Value) -> bool {
    message["payload"]["data"]["sessionEvents"]["__typename"] == "MessageAdded"
}

/// All that a stream of the events of a project says until the server ends it.
async fn events_of(client: Client, project: String) -> String {
    let stream = open_stream(&client, EVENTS, json!({ "id": project })).await;
    timeout(PATIENCE, stream.text()).await.expect("the server ends the stream").unwrap()
}

async fn open_stream(client: &Client, query: &str, variables: Value) -> reqwest::Response {
    let request = client.request(Method::POST).json(&json!({ "query": query, "variables": variables }));
    // In place of what the client accepts otherwise.
    let mut request = request.build().unwrap();
    request.headers_mut().insert("accept", "text/event-stream".parse().unwrap());
    let response = reqwest::Client::new().execute(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    response
}
