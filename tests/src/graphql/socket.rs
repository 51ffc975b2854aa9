//! One WebSocket, message by message, by the `graphql-transport-ws` protocol.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long a message that must come may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A socket on which a test says whatever it likes, also what the protocol forbids.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// How many pings of WebSocket itself came in. The library answers them.
    pub frame_pings: usize,
    /// How many pings of the protocol came in.
    pub message_pings: usize,
}

impl Socket {
    /// Opens a socket with these headers besides those that every handshake has.
    ///
    /// # Errors
    /// The status with which the server refuses the handshake.
    ///
    /// # Panics
    /// When there is no answer, or one that is none to a handshake.
    pub async fn handshake(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, StatusCode> {
        let mut request = url.into_client_request().expect("the address of a server");
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).expect("a header has visible characters only");
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream, frame_pings: 0, message_pings: 0 }),
            Err(Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("the handshake got no answer: {error}"),
        }
    }

    /// Opens a socket for the protocol.
    ///
    /// # Panics
    /// When the server refuses it.
    pub async fn open(url: &str) -> Self {
        match Self::handshake(url, &[("sec-websocket-protocol", "graphql-transport-ws")]).await {
            Ok(socket) => socket,
            Err(status) => panic!("the handshake was refused: {status}"),
        }
    }

    /// Opens a socket and has it acknowledged with this token, or with none.
    ///
    /// # Panics
    /// When the server does not acknowledge it.
    pub async fn connect(url: &str, token: Option<&str>) -> Self {
        let mut socket = Self::open(url).await;
        let payload = token.map_or_else(|| json!({}), |token| json!({ "accessToken": token }));
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Says something of the protocol.
    pub async fn send(&mut self, message: Value) {
        self.send_frame(Message::text(message.to_string())).await;
    }

    /// Sends binary data, which the protocol has none of.
    pub async fn send_binary(&mut self, data: &'static [u8]) {
        self.send_frame(Message::binary(data)).await;
    }

    /// Sends this very text.
    pub async fn send_text(&mut self, text: &str) {
        self.send_frame(Message::text(text.to_owned())).await;
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, payload: Value) {
        self.send(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// The next message that is no ping. Pings are answered.
    ///
    /// # Panics
    /// When none comes, or the socket is closed.
    pub async fn next(&mut self) -> Value {
        soon("a message", async {
            loop {
                match self.receive().await {
                    Some(Message::Text(text)) => {
                        let message: Value = serde_json::from_str(&text).expect("the server sends JSON");
                        if message["type"] != "ping" {
                            return message;
                        }
                        self.message_pings += 1;
                        self.send(json!({ "type": "pong" })).await;
                    }
                    Some(Message::Ping(_)) => self.frame_pings += 1,
                    other => panic!("{other:?} came instead of a message"),
                }
            }
        })
        .await
    }

    /// Waits for one more ping of either kind, and answers it. Other messages are passed over.
    ///
    /// # Panics
    /// When none comes, or the socket is closed.
    pub async fn until_ping(&mut self) {
        soon("a ping", async {
            loop {
                match self.receive().await {
                    Some(Message::Text(text)) if text.contains(r#""type":"ping""#) => {
                        self.message_pings += 1;
                        return self.send(json!({ "type": "pong" })).await;
                    }
                    Some(Message::Text(_)) => {}
                    Some(Message::Ping(_)) => {
                        self.frame_pings += 1;
                        return;
                    }
                    other => panic!("{other:?} came instead of a ping"),
                }
            }
        })
        .await;
    }

    /// The code and the reason with which the server closes the socket. Messages before that are passed over, and pings
    /// of the protocol not answered.
    ///
    /// # Panics
    /// When the socket stays open, or ends without a close frame.
    pub async fn closed(&mut self) -> (u16, String) {
        soon("a close frame", async {
            loop {
                match self.receive().await {
                    Some(Message::Close(Some(frame))) => return (frame.code.into(), frame.reason.to_string()),
                    Some(Message::Close(None)) | None => panic!("the socket ended without a close frame"),
                    Some(_) => {}
                }
            }
        })
        .await
    }

    async fn receive(&mut self) -> Option<Message> {
        self.stream.next().await.and_then(Result::ok)
    }

    /// That the socket is gone shows when the test reads from it, together with the server's reason.
    async fn send_frame(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
    }
}

/// What comes within the time that a busy machine may take.
async fn soon<T>(what: &str, coming: impl Future<Output = T>) -> T {
    timeout(PATIENCE, coming).await.unwrap_or_else(|_| panic!("{what} did not come within {PATIENCE:?}"))
}
