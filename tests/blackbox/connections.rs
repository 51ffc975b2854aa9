//! Connections that say nothing, and more of them than there may be.

use std::time::{Duration, Instant};

use tests::{Server, eventually};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::stage::{BINARY, PATIENCE};

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.url().strip_prefix("http://").unwrap()).await.unwrap()
}

/// Sends a text and answers all that the server says before it closes, and how long that took.
async fn until_closed(mut connection: TcpStream, text: &str) -> (String, Duration) {
    connection.write_all(text.as_bytes()).await.unwrap();
    let (began, mut said) = (Instant::now(), String::new());
    let outcome = timeout(PATIENCE, connection.read_to_string(&mut said)).await.expect("the server does not close");
    // Closed with something unread, which is a reset.
    outcome.ok();
    (said, began.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_is_closed() {
    let settings = Server::builder(BINARY)
        .env("SWITCHBOARD_LIMIT_REQUEST_HEAD_SECONDS", "1")
        .env("SWITCHBOARD_LIMIT_IDLE_SECONDS", "3");
    let server = settings.start().await;
    for text in ["", "POST /graphql HTTP/1.1\r\nHost: desk.test\r\nContent-"] {
        let (said, after) = until_closed(connect(&server).await, text).await;
        assert!(said.is_empty() && after < Duration::from_secs(3), "{text:?}: {said:?} after {after:?}");
    }
    let (said, after) = until_closed(connect(&server).await, "GET /healthz HTTP/1.1\r\nHost: desk.test\r\n\r\n").await;
    assert!(said.ends_with("alive\n") && after > Duration::from_secs(2), "{said:?} after {after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_limit_are_refused_until_others_end_and_do_not_delay_a_stop() {
    let mut server = Server::builder(BINARY).env("SWITCHBOARD_LIMIT_CONNECTIONS", "20").start().await;
    let mut held = Vec::new();
    for _ in 0..20 {
        held.push(connect(&server).await);
    }
    // They are accepted in their order.
    let (said, _) = until_closed(connect(&server).await, "").await;
    assert!(said.starts_with("HTTP/1.1 503 ") && said.contains("try again"), "{said}");
    server.wait_for_log("SWITCHBOARD_LIMIT_CONNECTIONS").await;
    drop(held.split_off(10));
    eventually(PATIENCE, || async {
        let answer = reqwest::get(format!("{}/healthz", server.url())).await;
        answer.is_ok_and(|answer| answer.status().is_success()).then_some(())
    })
    .await;

    let began = Instant::now();
    assert!(server.terminate().await.success());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    drop(held);
}
