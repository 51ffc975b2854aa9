//! Connections as such: what says nothing is closed, and there are no more than there may be.

use std::time::{Duration, Instant};

use api::connection::ConnectionSettings;
use api::transport::TransportSettings;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::server::{PATIENCE, Server, reaches};
use crate::socket::Socket;

const HEAD_TIMEOUT: Duration = Duration::from_millis(300);
const IDLE_TIMEOUT: Duration = Duration::from_millis(900);

const REQUEST: &str =
    "GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nhost: desk.test\r\ngraphql-require-preflight: 1\r\n\r\n";

async fn impatient(most: usize) -> Server {
    let connections = ConnectionSettings {
        most,
        head_timeout: HEAD_TIMEOUT,
        idle_timeout: IDLE_TIMEOUT,
        ..ConnectionSettings::default()
    };
    let brief_sockets = |settings: &mut TransportSettings| settings.websocket.anonymous_idle_timeout = IDLE_TIMEOUT;
    Server::with_connections(brief_sockets, connections).await
}

/// Sends a part of a request, and answers how long it took until the server closed and what it had said.
async fn closed_after(connection: &mut TcpStream, part: &str) -> (Duration, String) {
    connection.write_all(part.as_bytes()).await.unwrap();
    let began = Instant::now();
    let mut said = String::new();
    timeout(PATIENCE, connection.read_to_string(&mut said)).await.expect("it stays open").unwrap();
    (began.elapsed(), said)
}

/// Sends a request and reads the start of the answer.
async fn ask(connection: &mut TcpStream) -> String {
    connection.write_all(REQUEST.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = timeout(PATIENCE, connection.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8(answer[..length].to_vec()).unwrap()
}

#[tokio::test]
async fn a_connection_without_a_whole_first_request_is_closed() {
    let server = impatient(100).await;
    for part in ["", "GET /graphql HT", "POST /graphql HTTP/1.1\r\nhost: desk.test\r\ncontent-"] {
        let mut connection = TcpStream::connect(server.address).await.unwrap();
        let (after, _) = closed_after(&mut connection, part).await;
        assert!(after >= HEAD_TIMEOUT / 2 && after < IDLE_TIMEOUT, "{part:?}: {after:?}");
    }
}

#[tokio::test]
async fn one_header_after_the_other_gains_no_time() {
    let server = impatient(100).await;
    let mut connection = TcpStream::connect(server.address).await.unwrap();
    connection.write_all(b"GET /graphql HTTP/1.1\r\n").await.unwrap();
    let began = Instant::now();
    while connection.write_all(b"x: y\r\n").await.is_ok() {
        assert!(began.elapsed() < PATIENCE, "it stays open");
        sleep(Duration::from_millis(20)).await;
    }
    assert!(began.elapsed() < IDLE_TIMEOUT, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_connection_may_wait_for_its_next_request_for_longer_but_not_for_ever() {
    let server = impatient(100).await;
    let mut connection = TcpStream::connect(server.address).await.unwrap();
    for _ in 0..3 {
        assert!(ask(&mut connection).await.starts_with("HTTP/1.1 200"));
        sleep(HEAD_TIMEOUT + HEAD_TIMEOUT / 2).await;
    }
    assert!(ask(&mut connection).await.starts_with("HTTP/1.1 200"));
    let (after, _) = closed_after(&mut connection, "").await;
    assert!(after > HEAD_TIMEOUT && after < IDLE_TIMEOUT * 3, "{after:?}");
}

#[tokio::test]
async fn a_request_may_take_longer_than_its_headers() {
    let server = impatient(100).await;
    let query = "{ sleeping(milliseconds: 1200) }";
    let answer = server.query(query).send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("true"), "{answer}");
}

#[tokio::test]
async fn connections_beyond_the_limit_are_told_so_and_closed() {
    let server = impatient(2).await;
    let mut first = TcpStream::connect(server.address).await.unwrap();
    assert!(ask(&mut first).await.starts_with("HTTP/1.1 200"));
    let socket = Socket::connect(&server).await;

    let mut third = TcpStream::connect(server.address).await.unwrap();
    let (_, said) = closed_after(&mut third, "").await;
    assert!(said.starts_with("HTTP/1.1 503") && said.contains("try again"), "{said}");

    // A WebSocket counts until it is gone, and then there is room again.
    drop(socket);
    let again = async {
        loop {
            let mut connection = TcpStream::connect(server.address).await.unwrap();
            if ask(&mut connection).await.starts_with("HTTP/1.1 200") {
                break;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, again).await.unwrap();
}

#[tokio::test]
async fn the_socket_of_an_anonymous_client_is_closed_when_it_runs_nothing() {
    let server = impatient(100).await;
    let mut idle = Socket::connect(&server).await;
    let mut busy = Socket::connect(&server).await;
    busy.subscribe("1", "subscription { silence }").await;
    let mut signed_in = Socket::connect_with(&server, json!({ "Authorization": "Bearer alice" })).await;
    assert_eq!(idle.closed().await, (1000, "Nothing runs on this socket".to_owned()));

    sleep(IDLE_TIMEOUT * 2).await;
    signed_in.subscribe("1", "subscription { countTo(end: 1) }").await;
    assert_eq!(signed_in.next().await["type"], "next");
    busy.complete("1").await;
    assert_eq!(busy.closed().await.0, 1000);
}

#[tokio::test]
async fn a_stop_lets_running_requests_end_and_closes_what_is_idle() {
    let server = Server::start().await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    assert!(ask(&mut idle).await.starts_with("HTTP/1.1 200"));
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let request = server.query("mutation { increment(afterMilliseconds: 300) }");
    let running = tokio::spawn(async move { request.send().await.unwrap().text().await.unwrap() });
    reaches(&server.ledger.begun, 1).await;

    server.stop.cancel();
    assert_eq!(closed_after(&mut idle, "").await.1, "");
    assert_eq!(closed_after(&mut silent, "").await.1, "");
    assert!(running.await.unwrap().contains("increment"));
    timeout(PATIENCE, server.serving).await.expect("it does not end").unwrap();
    assert!(TcpStream::connect(server.address).await.is_err(), "it still listens");
}
