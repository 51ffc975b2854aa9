//! A subscriber that receives and does next to nothing else, because thousands of them share the machine with the
//! server they measure. The protocol is `graphql-transport-ws`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::sync::CancellationToken;

use crate::Result;
use crate::latency::Latencies;
use crate::marker::PublishTimes;

const PROTOCOL: &str = "graphql-transport-ws";
/// Enough for an event; the default of 128 KiB would be a gigabyte for ten thousand sockets.
const BUFFER_BYTES: usize = 4 * 1024;
/// How long the server may take to accept a socket.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all subscribers received together.
#[derive(Debug)]
pub struct Tally {
    pub published: PublishTimes,
    /// Messages with a smaller number are for warming up; they are counted and not timed.
    pub first_timed: usize,
    received: AtomicUsize,
}

/// A subscriber on a socket of its own.
pub struct Subscriber {
    socket: WebSocketStream<TcpStream>,
}

impl Tally {
    pub fn new(messages: usize, first_timed: usize) -> Self {
        Self { published: PublishTimes::new(messages), first_timed, received: AtomicUsize::new(0) }
    }

    /// How many deliveries there were.
    pub fn received(&self) -> usize {
        self.received.load(Ordering::Acquire)
    }
}

impl Subscriber {
    /// Connects, presents the access token and subscribes.
    pub async fn open(address: SocketAddr, token: &str, operation: &Value) -> Result<Self> {
        match timeout(PATIENCE, Self::try_open(address, token, operation)).await {
            Ok(opened) => opened,
            Err(_) => Err(format!("the server accepts no socket within {PATIENCE:?}").into()),
        }
    }

    async fn try_open(address: SocketAddr, token: &str, operation: &Value) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let mut request = format!("ws://{address}/graphql").into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(PROTOCOL));
        let config = WebSocketConfig::default().read_buffer_size(BUFFER_BYTES);
        let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        let payload = json!({ "authorization": format!("Bearer {token}") });
        socket.send(text(&json!({ "type": "connection_init", "payload": payload }))).await?;
        match socket.next().await {
            Some(Ok(Message::Text(answer))) if answer.contains("connection_ack") => {}
            other => return Err(format!("the server does not accept a socket: {other:?}").into()),
        }
        socket.send(text(&json!({ "id": "1", "type": "subscribe", "payload": operation }))).await?;
        Ok(Self { socket })
    }

    /// Receives until told to stop, and tells how long deliveries took.
    pub async fn receive(mut self, tally: Arc<Tally>, stop: CancellationToken) -> Result<Latencies> {
        let mut latencies = Latencies::default();
        match stop.run_until_cancelled(self.receive_all(&tally, &mut latencies)).await {
            Some(Err(failure)) => Err(failure),
            Some(Ok(())) | None => Ok(latencies),
        }
    }

    /// Receives so many events, which tell what there was before.
    pub async fn receive_first(&mut self, events: usize) -> Result<()> {
        let first = async {
            for _ in 0..events {
                self.next_event().await?;
            }
            Ok(())
        };
        match timeout(PATIENCE, first).await {
            Ok(received) => received,
            Err(_) => Err(format!("a subscriber is not told within {PATIENCE:?} what there is").into()),
        }
    }

    async fn receive_all(&mut self, tally: &Tally, latencies: &mut Latencies) -> Result<()> {
        loop {
            let event = self.next_event().await?;
            if let Some((number, latency)) = tally.published.receive(event.as_bytes()) {
                tally.received.fetch_add(1, Ordering::AcqRel);
                if number >= tally.first_timed {
                    latencies.add(latency);
                }
            }
        }
    }

    /// The next message that is not one of the protocol.
    async fn next_event(&mut self) -> Result<Utf8Bytes> {
        while let Some(message) = self.socket.next().await {
            let message = match message? {
                Message::Text(message) => message,
                Message::Ping(_) | Message::Pong(_) => continue,
                other => return Err(format!("the server ended a subscription: {other}").into()),
            };
            if message.contains("\"type\":\"next\"") && !message.contains("\"errors\":") {
                return Ok(message);
            }
            if message.contains("\"type\":\"ping\"") {
                self.socket.send(text(&json!({ "type": "pong" }))).await?;
            } else if !message.contains("\"type\":\"pong\"") {
                return Err(format!("a subscriber received something else: {message}").into());
            }
        }
        Err("the server ended a subscription".into())
    }
}

fn text(message: &Value) -> Message {
    Message::text(message.to_string())
}
