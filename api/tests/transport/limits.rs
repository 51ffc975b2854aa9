//! What is refused before it is executed because it is too much, on each transport.

use std::{sync::atomic::Ordering, time::Duration};

use api::transport::RateLimitSettings;
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    server::{Server, answer},
    socket::Socket,
};

const MUTATION: &str = "mutation { increment }";

/// A server whose clients can afford two mutations, and another one after some seconds.
async fn tight() -> Server {
    Server::with(|settings| {
        settings.rate_limit = RateLimitSettings { points: 25, points_per_second: 2 };
        settings.trusted_proxies = ["127.0.0.1".parse().unwrap()].into_iter().collect();
    })
    .await
}

#[tokio::test]
async fn every_result_tells_its_cost() {
    let server = tight().await;
    let cost = answer(server.query(MUTATION)).await.cost.unwrap();
    assert_eq!((&cost["requested"], &cost["limit"], &cost["remaining"]), (&json!(10), &json!(25), &json!(15)));
    let full_in = cost["resetAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap() - DateTime::UNIX_EPOCH;
    assert!((4_000..=5_000).contains(&full_in.num_milliseconds()), "{full_in}");

    let free = answer(server.query("{ hello }")).await.cost.unwrap();
    assert_eq!((&free["requested"], &free["remaining"]), (&json!(0), &json!(15)));

    let unlimited = Server::with(|settings| settings.rate_limit.points = 0).await;
    assert_eq!(answer(unlimited.query(MUTATION)).await.cost, Some(json!({ "requested": 10 })));
}

#[tokio::test]
async fn who_has_spent_everything_is_told_when_to_come_back() {
    let server = tight().await;
    for _ in 0..2 {
        assert_eq!(answer(server.query(MUTATION)).await.status, StatusCode::OK);
    }
    for accept in ["application/json", "application/graphql-response+json", "text/event-stream"] {
        let request = server.post().json(&json!({ "query": MUTATION })).header("accept", accept);
        let refused = answer(request).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"), "{accept}");
        assert!(refused.message().contains("costs 10 points, and you have 5 left"), "{}", refused.message());
        let wait_ms = refused.body["errors"][0]["extensions"]["retryAfterMs"].as_u64().unwrap();
        assert!((1_000..=2_500).contains(&wait_ms), "{wait_ms}");
        assert_eq!(refused.header("retry-after"), wait_ms.div_ceil(1_000).to_string());
    }
    assert_eq!(answer(server.query("{ hello }")).await.status, StatusCode::OK, "what is free is answered");
    assert_eq!(server.ledger.incremented.load(Ordering::SeqCst), 2);

    tokio::time::sleep(Duration::from_millis(2_600)).await;
    assert_eq!(answer(server.query(MUTATION)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_socket_outlives_an_operation_that_it_cannot_afford() {
    let server = tight().await;
    let mut socket = Socket::connect(&server).await;
    for id in ["1", "2"] {
        socket.subscribe(id, MUTATION).await;
        assert_eq!(socket.next().await["type"], "next");
        assert_eq!(socket.cost.as_ref().unwrap()["requested"], 10);
        assert_eq!(socket.next().await["type"], "complete");
    }
    socket.subscribe("3", MUTATION).await;
    let refused = socket.next().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("3")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    assert!(refused["payload"][0]["extensions"]["retryAfterMs"].is_u64());
    socket.subscribe("4", "{ hello }").await;
    assert_eq!(socket.next().await["payload"]["data"], json!({ "hello": "world" }));
}

#[tokio::test]
async fn each_actor_has_points_of_their_own() {
    let server = tight().await;
    let remaining = async |token: Option<&str>, address: &str| -> Value {
        let mut request = server.query("mutation { a: increment b: increment }").header("x-forwarded-for", address);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        answer(request).await.cost.map_or(Value::Null, |cost| cost["remaining"].clone())
    };
    assert_eq!(remaining(None, "192.0.2.1").await, 5);
    assert_eq!(remaining(None, "192.0.2.1").await, Value::Null);
    assert_eq!(remaining(None, "192.0.2.1, 192.0.2.2").await, 5, "what the client itself sends is not believed");
    assert_eq!(remaining(None, "2001:db8:0:1::1").await, 5);
    assert_eq!(remaining(None, "2001:db8:0:1::2").await, Value::Null, "one client has the whole network");
    assert_eq!(remaining(Some("alice"), "192.0.2.1").await, 5);
    assert_eq!(remaining(Some("alice"), "192.0.2.9").await, Value::Null, "whose token it is counts");
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_executed() {
    let server = Server::start().await;
    let five = "mutation { a: increment b: increment c: increment d: increment e: increment }";
    let refused = answer(server.query(five)).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "QUERY_TOO_LARGE"));
    assert!(refused.message().contains("5 root fields, more than 4"), "{}", refused.message());
    assert_eq!(refused.body["errors"][0]["locations"], json!([{ "line": 1, "column": 10 }]));

    let mut socket = Socket::connect(&server).await;
    socket.subscribe("1", five).await;
    assert_eq!(socket.next().await["payload"][0]["extensions"]["code"], "QUERY_TOO_LARGE");
    socket.subscribe("2", "{ hello }").await;
    assert_eq!(socket.next().await["type"], "next");

    let request = server.post().json(&json!({ "query": five })).header("accept", "text/event-stream");
    let stream = request.send().await.unwrap().text().await.unwrap();
    assert!(stream.contains("QUERY_TOO_LARGE"), "{stream}");
    assert_eq!(server.ledger.incremented.load(Ordering::SeqCst), 0);
}
