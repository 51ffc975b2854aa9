//! `graphql-transport-ws`, with each of its close codes.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::{
    server::{PATIENCE, Server, reaches},
    socket::{Socket, handshake},
    standing_time::StandingTime,
};

fn next(id: &str, data: Value) -> Value {
    json!({ "id": id, "type": "next", "payload": { "data": data } })
}

fn complete(id: &str) -> Value {
    json!({ "id": id, "type": "complete" })
}

#[tokio::test]
async fn any_operation_runs_over_a_socket() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    for (id, query, expected) in [
        ("q", "{ hello }", vec![json!({ "hello": "world" })]),
        ("m", "mutation { increment }", vec![json!({ "increment": 1 })]),
        ("s", "subscription { countTo(end: 2) }", vec![json!({ "countTo": 1 }), json!({ "countTo": 2 })]),
        ("s", "query A { hello }", vec![json!({ "hello": "world" })]),
    ] {
        socket.subscribe(id, query).await;
        for data in expected {
            assert_eq!(socket.next().await, next(id, data));
        }
        assert_eq!(socket.next().await, complete(id));
    }
}

#[tokio::test]
async fn the_token_of_connection_init_tells_who_is_calling() {
    let server = Server::start().await;
    for payload in [
        json!({ "Authorization": "Bearer alice" }),
        json!({ "authorization": "bearer alice" }),
        json!({ "accessToken": "alice" }),
        json!({ "token": "alice" }),
    ] {
        let mut socket = Socket::connect_with(&server, payload).await;
        socket.subscribe("1", "{ who }").await;
        assert_eq!(socket.next().await, next("1", json!({ "who": "alice" })));
    }
    let mut anonymous = Socket::connect(&server).await;
    anonymous.subscribe("1", "{ who }").await;
    assert_eq!(anonymous.next().await, next("1", json!({ "who": null })));
}

#[tokio::test]
async fn a_request_that_cannot_be_executed_is_answered_with_error() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    let mut request_ids = Vec::new();
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { refused }", "FORBIDDEN"),
        ("{ costly: hello }", "RATE_LIMITED"),
        ("{ panicking }", "INTERNAL"),
        ("mutation { panicking }", "INTERNAL"),
    ] {
        socket.subscribe("1", query).await;
        let message = socket.next().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("1")), "{query} {message}");
        let extensions = &message["payload"][0]["extensions"];
        assert_eq!(extensions["code"], code, "{query} {message}");
        request_ids.push(extensions["requestId"].as_str().unwrap().to_owned());
    }
    request_ids.sort();
    request_ids.dedup();
    assert_eq!(request_ids.len(), 7, "each operation has an id of its own");
}

#[tokio::test]
async fn errors_of_fields_and_of_events_are_part_of_a_result() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("1", "{ hello forbidden }").await;
    let message = socket.next().await;
    assert_eq!(message["payload"]["data"]["hello"], "world");
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(socket.next().await, complete("1"));

    socket.subscribe("2", "subscription { failingOnce }").await;
    let message = socket.next().await;
    assert_eq!((&message["type"], &message["payload"]["data"]), (&json!("next"), &json!(null)));
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(socket.next().await, next("2", json!({ "failingOnce": 1 })));
    assert_eq!(socket.next().await, complete("2"));
}

#[tokio::test]
async fn a_panicking_subscription_ends_alone() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("1", "subscription { panicking }").await;
    assert_eq!(socket.next().await, next("1", json!({ "panicking": 1 })));
    let error = socket.next().await;
    assert_eq!((&error["type"], &error["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("INTERNAL")));
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.next().await, next("1", json!({ "hello": "world" })));
}

#[tokio::test]
async fn complete_stops_a_subscription_and_frees_its_id() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("1", "subscription { silence }").await;
    reaches(&server.ledger.begun, 1).await;
    socket.complete("1").await;
    reaches(&server.ledger.dropped, 1).await;
    socket.complete("1").await;
    socket.complete("never heard of").await;
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.next().await, next("1", json!({ "hello": "world" })));
}

#[tokio::test]
async fn complete_suppresses_a_result_and_stops_a_query_but_not_a_mutation() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("q", "{ sleeping(milliseconds: 100) }").await;
    socket.subscribe("m", "mutation { increment(afterMilliseconds: 200) }").await;
    reaches(&server.ledger.begun, 2).await;
    socket.complete("q").await;
    socket.complete("m").await;
    reaches(&server.ledger.incremented, 1).await;
    socket.subscribe("1", "{ hello }").await;
    assert_eq!(socket.next().await["id"], "1");
    assert_eq!(server.ledger.slept.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_that_leaves_ends_its_subscriptions_and_queries_but_not_its_mutations() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("s", "subscription { silence }").await;
    socket.subscribe("q", "{ sleeping(milliseconds: 100) }").await;
    socket.subscribe("m", "mutation { increment(afterMilliseconds: 200) }").await;
    reaches(&server.ledger.begun, 3).await;
    drop(socket);
    reaches(&server.ledger.dropped, 1).await;
    reaches(&server.ledger.incremented, 1).await;
    assert_eq!(server.ledger.slept.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn pings_of_both_levels_are_answered() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server).await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await, json!({ "type": "pong" }));
    socket.send(json!({ "type": "ping", "payload": { "sent": 7 } })).await;
    assert_eq!(socket.next().await, json!({ "type": "pong", "payload": { "sent": 7 } }));
    socket.send(json!({ "type": "pong" })).await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
}

#[tokio::test]
async fn a_peer_that_answers_pings_stays() {
    let server = Server::with(|settings| settings.keep_alive_interval = Duration::from_millis(50)).await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("1", "subscription { ticks(milliseconds: 500) }").await;
    assert_eq!(socket.next().await, next("1", json!({ "ticks": 0 })));
    assert!(socket.pings >= 8, "{} pings", socket.pings);
}

#[tokio::test]
async fn a_peer_that_does_not_answer_is_let_go() {
    let server = Server::with(|settings| settings.keep_alive_interval = Duration::from_millis(50)).await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("1", "subscription { silence }").await;
    // The client answers pings only while it reads.
    reaches(&server.ledger.dropped, 1).await;
    assert_eq!(socket.closed().await.0, 1001);
}

#[tokio::test]
async fn close_4400_for_a_message_outside_the_protocol() {
    let server = Server::start().await;
    for message in [
        Message::text("{"),
        Message::text("[]"),
        Message::text(r#"{"type":"start"}"#),
        Message::text(r#"{"type":"subscribe","id":"1","payload":{"query":7}}"#),
        Message::text(r#"{"type":"subscribe","payload":{"query":"{ hello }"}}"#),
        Message::binary(r#"{"type":"ping"}"#),
    ] {
        let mut socket = Socket::connect(&server).await;
        socket.send_raw(message).await;
        let (code, reason) = socket.closed().await;
        assert_eq!(code, 4400);
        assert!(!reason.is_empty());
    }
}

#[tokio::test]
async fn close_4401_for_an_operation_before_the_acknowledgement() {
    let server = Server::start().await;
    let mut early = Socket::open(&server).await;
    early.subscribe("1", "{ hello }").await;
    assert_eq!(early.closed().await, (4401, "Unauthorized".into()));

    let mut impatient = Socket::open(&server).await;
    impatient.send(json!({ "type": "connection_init", "payload": { "token": "slowly" } })).await;
    impatient.subscribe("1", "{ hello }").await;
    assert_eq!(impatient.closed().await.0, 4401);
}

#[tokio::test]
async fn close_4403_for_a_bad_token() {
    let server = Server::start().await;
    for (payload, close) in [
        (json!({ "token": "stolen" }), (4403, "Forbidden")),
        (json!({ "token": 7 }), (4403, "Forbidden")),
        (json!({ "Authorization": "alice" }), (4403, "Forbidden")),
        (json!({ "token": "expired" }), (4403, "Forbidden: token expired")),
        (json!({ "token": "unknowable" }), (1013, "Try again later")),
    ] {
        let mut socket = Socket::open(&server).await;
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.closed().await, (close.0, close.1.to_owned()));
    }
}

#[tokio::test]
async fn close_4403_when_the_token_is_revoked() {
    let server = Server::start().await;
    let mut idle = Socket::connect_with(&server, json!({ "token": "revocable" })).await;
    let mut busy = Socket::connect_with(&server, json!({ "token": "revocable" })).await;
    let mut other = Socket::connect_with(&server, json!({ "token": "alice" })).await;
    idle.subscribe("1", "subscription { silence }").await;
    busy.subscribe("1", "{ who }").await;
    assert_eq!(busy.next().await, next("1", json!({ "who": null })));
    server.revoke.cancel();
    for socket in [&mut busy, &mut idle] {
        assert_eq!(socket.closed().await, (4403, "Forbidden: token revoked".into()));
    }
    other.subscribe("1", "{ who }").await;
    assert_eq!(other.next().await, next("1", json!({ "who": "alice" })));
}

#[tokio::test]
async fn close_4403_when_the_token_expires() {
    let server = Server::start().await;
    let mut idle = Socket::connect_with(&server, json!({ "token": "briefly" })).await;
    let mut busy = Socket::connect_with(&server, json!({ "token": "briefly" })).await;
    idle.subscribe("1", "subscription { silence }").await;
    busy.subscribe("1", "{ who }").await;
    assert_eq!(busy.next().await, next("1", json!({ "who": "bob" })));
    server.move_clock(chrono::TimeDelta::seconds(1));
    busy.subscribe("2", "{ who }").await;
    for socket in [&mut busy, &mut idle] {
        assert_eq!(socket.closed().await, (4403, "Forbidden: token expired".into()));
    }
    reaches(&server.ledger.dropped, 1).await;
}

#[tokio::test]
async fn close_4406_without_the_subprotocol() {
    let server = Server::start().await;
    let (mut none, _) = handshake(&server, &[]).await.unwrap();
    assert_eq!(none.closed().await, (4406, "Subprotocol not acceptable".into()));
    // This client refuses by itself what the server does not confirm.
    let legacy = handshake(&server, &[("sec-websocket-protocol", "graphql-ws")]).await;
    assert!(legacy.is_err());
}

#[tokio::test]
async fn close_4408_without_connection_init() {
    let server = Server::with(|settings| settings.websocket.init_timeout = Duration::from_millis(50)).await;
    let mut socket = Socket::open(&server).await;
    assert_eq!(socket.closed().await, (4408, "Connection initialisation timeout".into()));
}

#[tokio::test]
async fn close_4409_for_an_id_in_use() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("twice", "subscription { silence }").await;
    socket.subscribe("twice", "{ hello }").await;
    assert_eq!(socket.closed().await, (4409, "Subscriber for twice already exists".into()));
}

#[tokio::test]
async fn close_4429_for_a_second_connection_init() {
    let server = Server::start().await;
    for payload in [json!({}), json!({ "token": "slowly" })] {
        let mut socket = Socket::open(&server).await;
        for _ in 0..2 {
            socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        }
        assert_eq!(socket.closed().await, (4429, "Too many initialisation requests".into()));
    }
}

#[tokio::test]
async fn close_1009_for_a_message_over_the_limit() {
    let server = Server::with(|settings| settings.websocket.message_limit_bytes = 1_000).await;
    let ping = |length: usize| Message::text(format!("{:<length$}", r#"{"type":"ping"}"#));
    let mut socket = Socket::connect(&server).await;
    socket.send_raw(ping(1_000)).await;
    assert_eq!(socket.next().await, json!({ "type": "pong" }));
    socket.send_raw(ping(1_001)).await;
    assert_eq!(socket.closed().await, (1009, "Message too big".into()));
}

#[tokio::test]
async fn close_1012_when_the_server_drains() {
    let server = Server::start().await;
    let mut idle = Socket::open(&server).await;
    let mut busy = Socket::connect(&server).await;
    busy.subscribe("s", "subscription { silence }").await;
    busy.subscribe("m", "mutation { increment(afterMilliseconds: 200) }").await;
    reaches(&server.ledger.begun, 2).await;
    server.begin_drain.cancel();
    for socket in [&mut idle, &mut busy] {
        assert_eq!(socket.closed().await, (1012, "Service restart".into()));
    }
    drop((idle, busy));
    timeout(PATIENCE, server.drain.finished()).await.unwrap();
    assert_eq!(server.ledger.incremented.load(Ordering::SeqCst), 1, "the drain did not wait for the mutation");
}

#[tokio::test]
async fn foreign_origins_may_not_open_a_socket() {
    let server = Server::with(|settings| {
        settings.allowed_origins = [("https://desk.example.com").parse().unwrap()].into_iter().collect();
    })
    .await;
    let open = async |origin| {
        handshake(&server, &[("sec-websocket-protocol", "graphql-transport-ws"), ("origin", origin)]).await
    };
    assert!(open("https://desk.example.com").await.is_ok());
    let own: &'static str = format!("http://{}", server.address).leak();
    assert!(open(own).await.is_ok());
    for foreign in ["https://evil.example", "null"] {
        match open(foreign).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403),
            other => panic!("{:?}", other.map(|(_, response)| response)),
        }
    }
}

#[tokio::test]
async fn one_operation_too_many_is_refused_and_the_socket_stays() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    for id in 0..51 {
        socket.subscribe(&id.to_string(), "subscription { silence }").await;
    }
    let refused = socket.next().await;
    assert_eq!((&refused["id"], &refused["type"]), (&json!("50"), &json!("error")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    // Each one that is completed makes room for another at once, any number of times.
    for _ in 0..300 {
        socket.complete("7").await;
        socket.subscribe("7", "subscription { silence }").await;
    }
    socket.complete("7").await;
    socket.subscribe("8.5", "{ hello }").await;
    assert_eq!(socket.next().await, next("8.5", json!({ "hello": "world" })));
}

#[tokio::test]
async fn a_busy_subscription_does_not_starve_the_others() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("busy", "subscription { flood(bytes: 100) }").await;
    for _ in 0..100 {
        assert_eq!(socket.next().await["id"], "busy");
    }
    socket.subscribe("count", "subscription { countTo(end: 100) }").await;
    socket.subscribe("query", "{ hello }").await;
    let mut busy_between = 0;
    let mut seen = (0, false);
    while seen != (101, true) {
        match socket.next().await["id"].as_str().unwrap() {
            "busy" if seen.0 > 0 && seen.0 < 100 => busy_between += 1,
            "busy" => {}
            "count" => seen.0 += 1,
            _ => seen.1 = true,
        }
    }
    assert!(busy_between < 300, "{busy_between} frames of the busy one between 100 of the other");
}

#[tokio::test]
async fn a_slow_client_holds_back_its_own_operations() {
    let server = Server::start().await;
    let mut slow = Socket::connect(&server).await;
    slow.subscribe("1", "subscription { flood(bytes: 65536) }").await;
    let mut before = u64::MAX;
    let settled = loop {
        sleep(Duration::from_millis(200)).await;
        let now = server.ledger.produced.load(Ordering::SeqCst);
        if now == before {
            break now;
        }
        before = now;
        assert!(now < 10_000, "the events pile up");
    };
    let mut other = Socket::connect(&server).await;
    other.subscribe("1", "{ hello }").await;
    assert_eq!(other.next().await, next("1", json!({ "hello": "world" })));
    for _ in 0..settled + 10 {
        assert_eq!(slow.next().await["id"], "1");
    }
    assert!(server.ledger.produced.load(Ordering::SeqCst) > settled, "the stream does not go on");
}

#[tokio::test]
async fn a_client_that_takes_long_for_one_frame_is_not_taken_for_dead() {
    let server = Server::with(|settings| settings.keep_alive_interval = Duration::from_millis(200)).await;
    let time = StandingTime::begin();
    let mut slow = Socket::connect(&server).await;
    slow.subscribe("1", "subscription { flood(bytes: 33554432) }").await;
    // It answers no ping. What is told after the first frame shows that the server did not give it up on the way.
    let mut part = vec![0; 1024 * 1024];
    for _ in 0..62 {
        time.pass(Duration::from_millis(25)).await;
        timeout(PATIENCE, slow.line().read_exact(&mut part)).await.expect("the frame goes on").unwrap();
    }
}

#[tokio::test]
async fn a_slow_client_that_still_reads_is_not_taken_for_dead() {
    let server = Server::with(|settings| settings.keep_alive_interval = Duration::from_millis(200)).await;
    let time = StandingTime::begin();
    let mut slow = Socket::connect(&server).await;
    slow.subscribe("1", "subscription { flood(bytes: 65536) }").await;
    for _ in 0..100 {
        time.pass(Duration::from_millis(20)).await;
        for _ in 0..10 {
            slow.next().await;
        }
    }
}
