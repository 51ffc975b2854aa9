//! The distinct-connections mode of graphql-sse.

use std::{sync::atomic::Ordering, time::Duration};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::server::{PATIENCE, Server, reaches};

async fn stream(server: &Server, query: &str, token: &str) -> Response {
    let mut request = server.post().header("accept", "text/event-stream").json(&json!({ "query": query }));
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    assert!(response.headers().contains_key("x-request-id"));
    response
}

/// The events of a stream as `(event, data)`, without comments.
fn events(text: &str) -> Vec<(String, Value)> {
    let event = |block: &str| {
        let field = |name| block.lines().find_map(|line| line.strip_prefix(name));
        let data = field("data: ").unwrap_or_default();
        Some((field("event: ")?.to_owned(), serde_json::from_str(data).unwrap_or_default()))
    };
    text.split("\n\n").filter_map(event).collect()
}

#[tokio::test]
async fn any_operation_can_be_streamed() {
    let server = Server::start().await;
    for (query, expected) in [
        ("{ hello }", vec![json!({ "hello": "world" })]),
        ("mutation { increment }", vec![json!({ "increment": 1 })]),
        ("subscription { countTo(end: 2) }", vec![json!({ "countTo": 1 }), json!({ "countTo": 2 })]),
    ] {
        let text = stream(&server, query, "").await.text().await.unwrap();
        let mut events = events(&text);
        assert_eq!(events.pop().unwrap(), ("complete".into(), Value::Null));
        let data: Vec<Value> = events.into_iter().map(|(_, mut data)| data["data"].take()).collect();
        assert_eq!(data, expected);
    }
}

#[tokio::test]
async fn what_cannot_be_executed_is_told_by_an_event() {
    let server = Server::start().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { refused }", "FORBIDDEN"),
        ("{ panicking }", "INTERNAL"),
    ] {
        let events = events(&stream(&server, query, "").await.text().await.unwrap());
        assert_eq!(events.len(), 2, "{events:?}");
        assert_eq!(events[0].0, "next");
        assert_eq!(events[0].1["errors"][0]["extensions"]["code"], code);
        assert_eq!(events[1].0, "complete");
    }
}

#[tokio::test]
async fn an_idle_stream_is_kept_alive_and_ends_with_its_client() {
    let server = Server::with(|settings| settings.keep_alive_interval = Duration::from_millis(20)).await;
    let mut response = stream(&server, "subscription { silence }", "").await;
    for _ in 0..3 {
        assert_eq!(timeout(PATIENCE, response.chunk()).await.unwrap().unwrap().unwrap(), ":\n\n");
    }
    reaches(&server.ledger.begun, 1).await;
    drop(response);
    reaches(&server.ledger.dropped, 1).await;
}

#[tokio::test]
async fn an_expired_token_ends_the_stream_with_an_error() {
    let server = Server::start().await;
    let response = stream(&server, "subscription { silence }", "briefly").await;
    server.move_clock(chrono::TimeDelta::seconds(1));
    let events = events(&timeout(PATIENCE, response.text()).await.unwrap().unwrap());
    assert_eq!(events[0].1["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(events[1].0, "complete");
}

#[tokio::test]
async fn a_drain_ends_the_stream_without_completing_it() {
    let server = Server::start().await;
    let response = stream(&server, "subscription { silence }", "").await;
    server.begin_drain.cancel();
    let text = timeout(PATIENCE, response.text()).await.unwrap().unwrap();
    assert_eq!(events(&text), []);
}

#[tokio::test]
async fn a_slow_client_holds_back_its_own_stream() {
    let server = Server::start().await;
    let response = stream(&server, "subscription { flood(bytes: 65536) }", "").await;
    let produced = settled(&server).await;
    assert!(produced < 1_000, "{produced}");
    drop(response);
}

/// The number of events produced, once no more are.
async fn settled(server: &Server) -> u64 {
    let mut before = u64::MAX;
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = server.ledger.produced.load(Ordering::SeqCst);
        if now == before {
            return now;
        }
        before = now;
        assert!(now < 10_000, "the events pile up");
    }
}
