//! One subscription over a WebSocket, by the `graphql-transport-ws` protocol.

use std::time::Duration;

use futures_util::{SinkExt, Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// The protocol: <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.
const PROTOCOL: &str = "graphql-transport-ws";
/// How long the server may take to acknowledge the socket.
const ACKNOWLEDGEMENT_PATIENCE: Duration = Duration::from_secs(30);
/// The id of the only operation on the socket.
const OPERATION_ID: &str = "1";

/// How a subscription ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The server completed it.
    Completed,
    /// The server refused or broke it off, with these GraphQL errors.
    Failed(Value),
    /// The server closed the socket.
    Closed {
        /// The close code; 1005 when the close frame had none.
        code: u16,
        /// The reason as text.
        reason: String,
    },
    /// The connection was lost, or not made, without a close frame.
    Lost(String),
}

/// A running subscription. Nothing is read from the socket unless the test asks for it, so a test that does not ask is
/// a slow subscriber.
///
/// Dropping it drops the connection without a goodbye, as a client that crashes does.
#[derive(Debug)]
pub struct Subscription {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    ending: Option<Ending>,
}

impl Subscription {
    /// Connects to `url`, presents the token in `connection_init` and subscribes.
    pub(super) async fn open(url: &str, token: Option<&str>, document: &str, variables: Value) -> Result<Self, Ending> {
        let mut request = url.into_client_request().map_err(lost)?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(PROTOCOL));
        let (socket, _) = connect_async(request).await.map_err(lost)?;
        let mut subscription = Self { socket, ending: None };

        let mut payload = json!({});
        if let Some(token) = token {
            payload["authorization"] = format!("Bearer {token}").into();
        }
        subscription.send(json!({ "type": "connection_init", "payload": payload })).await;
        match timeout(ACKNOWLEDGEMENT_PATIENCE, subscription.receive()).await {
            Ok(Ok(message)) if message["type"] == "connection_ack" => {}
            Ok(Ok(message)) => {
                return Err(Ending::Lost(format!("{message} instead of connection_ack")));
            }
            Ok(Err(ending)) => return Err(ending),
            Err(_) => {
                return Err(Ending::Lost(format!("no connection_ack in {ACKNOWLEDGEMENT_PATIENCE:?}")));
            }
        }

        let payload = json!({ "query": document, "variables": variables });
        subscription.send(json!({ "id": OPERATION_ID, "type": "subscribe", "payload": payload })).await;
        Ok(subscription)
    }

    /// The next payload (`{"data": …}`), or `None` when the subscription has ended.
    pub async fn next(&mut self) -> Option<Value> {
        if self.ending.is_some() {
            return None;
        }
        let ending = match self.receive().await {
            Ok(mut message) => match message["type"].as_str() {
                Some("next") => return Some(message["payload"].take()),
                Some("complete") => Ending::Completed,
                Some("error") => Ending::Failed(message["payload"].take()),
                _ => Ending::Lost(format!("the server broke the protocol with {message}")),
            },
            Err(ending) => ending,
        };
        self.ending = Some(ending);
        None
    }

    /// The `data` of the next payload.
    ///
    /// # Panics
    /// When none arrives `within` the time, when it has errors, or when the subscription ends; the message says how.
    pub async fn next_within(&mut self, within: Duration) -> Value {
        match timeout(within, self.next()).await {
            Ok(Some(mut payload)) if payload.get("errors").is_none() => payload["data"].take(),
            Ok(Some(payload)) => panic!("an event came with errors: {payload}"),
            Ok(None) => panic!("the subscription ended: {:?}", self.ending),
            Err(_) => panic!("no event within {within:?}"),
        }
    }

    /// Checks that nothing arrives for a while.
    ///
    /// # Panics
    /// When an event arrives or the subscription ends.
    pub async fn silence_for(&mut self, duration: Duration) {
        match timeout(duration, self.next()).await {
            Ok(Some(payload)) => panic!("an event came where none was expected: {payload}"),
            Ok(None) => panic!("the subscription ended: {:?}", self.ending),
            Err(_) => {}
        }
    }

    /// How the subscription ended, passing over what still arrives before.
    ///
    /// # Panics
    /// When it does not end `within` the time.
    pub async fn ending_within(&mut self, within: Duration) -> Ending {
        let draining = async { while self.next().await.is_some() {} };
        let drained = timeout(within, draining).await.is_ok();
        match &self.ending {
            Some(ending) => ending.clone(),
            None if drained => unreachable!("a subscription without a next event has ended"),
            None => panic!("the subscription did not end within {within:?}"),
        }
    }

    /// How the subscription ended, if that was seen.
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// Unsubscribes and closes the socket, as a client that leaves properly does.
    pub async fn unsubscribe(mut self) {
        self.send(json!({ "id": OPERATION_ID, "type": "complete" })).await;
        // The socket may be closed already; it is then as it should be.
        let _ = self.socket.close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() })).await;
    }

    /// The payloads as a stream that ends with the subscription.
    pub fn into_stream(self) -> impl Stream<Item = Value> {
        stream::unfold(self, |mut subscription| async move {
            let payload = subscription.next().await?;
            Some((payload, subscription))
        })
    }

    /// The next message of the protocol, with the server's pings answered.
    async fn receive(&mut self) -> Result<Value, Ending> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text)
                        .map_err(|error| Ending::Lost(format!("the server sent no JSON ({error}): {text}")))?;
                    match message["type"].as_str() {
                        Some("ping") => self.send(json!({ "type": "pong" })).await,
                        Some("pong") => {}
                        _ => return Ok(message),
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.as_ref().map_or(CloseCode::Status, |frame| frame.code);
                    let reason = frame.map(|frame| frame.reason.to_string()).unwrap_or_default();
                    return Err(Ending::Closed { code: code.into(), reason });
                }
                Some(Ok(Message::Binary(_))) => {
                    return Err(Ending::Lost("the server broke the protocol with a binary message".to_owned()));
                }
                // The library answers pings of the WebSocket protocol itself.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return Err(lost(error)),
                None => return Err(Ending::Lost("the connection ended".to_owned())),
            }
        }
    }

    /// Sends a message of the protocol. That the socket is gone shows in the next call of [`receive`](Self::receive),
    /// together with the server's reason for it.
    async fn send(&mut self, message: Value) {
        let _ = self.socket.send(Message::text(message.to_string())).await;
    }
}

fn lost(error: tungstenite::Error) -> Ending {
    Ending::Lost(error.to_string())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_hdr_async;
    use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

    use super::*;
    use crate::Client;

    const SOON: Duration = Duration::from_secs(10);

    type ServerSocket = WebSocketStream<TcpStream>;

    async fn say(socket: &mut ServerSocket, message: Value) {
        socket.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn hear(socket: &mut ServerSocket) -> Value {
        serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap()
    }

    async fn hang_up(socket: &mut ServerSocket, code: u16, reason: &'static str) {
        socket.close(Some(CloseFrame { code: code.into(), reason: reason.into() })).await.unwrap();
        while socket.next().await.is_some() {}
    }

    /// A server for one socket, whose side of the talk is `script`.
    async fn server<F>(script: impl FnOnce(ServerSocket) -> F + Send + 'static) -> Client
    where
        F: Future<Output = ()> + Send,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            #[expect(clippy::result_large_err, reason = "the signature is the library's")]
            let echo_protocol = |request: &Request, mut response: Response| {
                let protocol = request.headers()["sec-websocket-protocol"].clone();
                response.headers_mut().insert("sec-websocket-protocol", protocol);
                Ok(response)
            };
            script(accept_hdr_async(stream, echo_protocol).await.unwrap()).await;
        });
        Client::anonymous(&url).with_token("abc")
    }

    async fn acknowledge(socket: &mut ServerSocket) {
        let init = hear(socket).await;
        assert_eq!(init, json!({ "type": "connection_init", "payload": { "authorization": "Bearer abc" } }));
        say(socket, json!({ "type": "connection_ack" })).await;
        let subscribe = hear(socket).await;
        assert_eq!(subscribe["payload"], json!({ "query": "subscription { tick }", "variables": { "step": 1 } }));
    }

    async fn subscribe(client: &Client) -> Subscription {
        client.subscribe("subscription { tick }", json!({ "step": 1 })).await
    }

    #[tokio::test]
    async fn events_arrive_in_order_between_pings_until_completion() {
        let client = server(|mut socket| async move {
            acknowledge(&mut socket).await;
            say(&mut socket, json!({ "id": "1", "type": "next", "payload": { "data": { "tick": 1 } } })).await;
            say(&mut socket, json!({ "type": "ping" })).await;
            assert_eq!(hear(&mut socket).await, json!({ "type": "pong" }));
            say(&mut socket, json!({ "id": "1", "type": "next", "payload": { "data": { "tick": 2 } } })).await;
            say(&mut socket, json!({ "id": "1", "type": "complete" })).await;
        })
        .await;

        let mut subscription = subscribe(&client).await;
        assert_eq!(subscription.next_within(SOON).await, json!({ "tick": 1 }));
        assert_eq!(subscription.next_within(SOON).await, json!({ "tick": 2 }));
        assert_eq!(subscription.ending_within(SOON).await, Ending::Completed);
    }

    #[tokio::test]
    async fn the_close_code_is_visible() {
        let client = server(|mut socket| async move {
            acknowledge(&mut socket).await;
            hang_up(&mut socket, 1012, "Restarting").await;
        })
        .await;
        let expected = Ending::Closed { code: 1012, reason: "Restarting".to_owned() };
        assert_eq!(subscribe(&client).await.ending_within(SOON).await, expected);
    }

    #[tokio::test]
    async fn a_refused_socket_is_told_from_a_refused_subscription() {
        let client = server(|mut socket| async move {
            hear(&mut socket).await;
            hang_up(&mut socket, 4403, "Forbidden").await;
        })
        .await;
        let refused = client.try_subscribe("subscription { tick }", json!({})).await.unwrap_err();
        assert_eq!(refused, Ending::Closed { code: 4403, reason: "Forbidden".to_owned() });

        let client = server(|mut socket| async move {
            acknowledge(&mut socket).await;
            say(&mut socket, json!({ "id": "1", "type": "error", "payload": [{ "message": "no" }] })).await;
        })
        .await;
        let refused = subscribe(&client).await.ending_within(SOON).await;
        assert_eq!(refused, Ending::Failed(json!([{ "message": "no" }])));
    }

    #[tokio::test]
    async fn a_dropped_subscription_says_no_goodbye_and_an_ended_one_does() {
        let (told, mut hearing) = tokio::sync::mpsc::unbounded_channel();
        let client = server(move |mut socket| async move {
            acknowledge(&mut socket).await;
            let clean = matches!(socket.next().await, Some(Ok(_)));
            told.send(clean).unwrap();
        })
        .await;
        drop(subscribe(&client).await);
        assert_eq!(hearing.recv().await, Some(false));

        let (told, mut hearing) = tokio::sync::mpsc::unbounded_channel();
        let client = server(move |mut socket| async move {
            acknowledge(&mut socket).await;
            told.send(hear(&mut socket).await).unwrap();
            told.send(matches!(socket.next().await, Some(Ok(Message::Close(_)))).into()).unwrap();
        })
        .await;
        subscribe(&client).await.unsubscribe().await;
        assert_eq!(hearing.recv().await, Some(json!({ "id": "1", "type": "complete" })));
        assert_eq!(hearing.recv().await, Some(json!(true)));
    }

    #[tokio::test]
    async fn silence_is_silence() {
        let client = server(|mut socket| async move {
            acknowledge(&mut socket).await;
            std::future::pending::<()>().await;
        })
        .await;
        subscribe(&client).await.silence_for(Duration::from_millis(50)).await;
    }
}
