//! A client of `graphql-transport-ws`, one message at a time.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        handshake::client::Request,
        http::{HeaderName, HeaderValue, Response},
    },
};

use crate::server::{PATIENCE, Server, take_cost};

pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// How many pings of either level came in.
    pub pings: usize,
    /// What the last result said about its cost.
    pub cost: Option<Value>,
}

/// Opens a socket with these headers besides those that a handshake has.
pub async fn handshake(
    server: &Server,
    headers: &[(&'static str, &'static str)],
) -> Result<(Socket, Response<Option<Vec<u8>>>), Error> {
    let mut request: Request = format!("ws://{}/graphql", server.address).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let tcp = TcpStream::connect(server.address).await.unwrap();
    // Otherwise a message waits for the acknowledgement of the one before it, which peers delay.
    tcp.set_nodelay(true).unwrap();
    let (stream, response) = client_async(request, tcp).await?;
    Ok((Socket { stream, pings: 0, cost: None }, response))
}

impl Socket {
    /// Opens a socket with the right subprotocol.
    pub async fn open(server: &Server) -> Self {
        let (socket, response) =
            handshake(server, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        socket
    }

    /// Opens a socket and has it acknowledged.
    pub async fn connect(server: &Server) -> Self {
        Self::connect_with(server, json!({})).await
    }

    pub async fn connect_with(server: &Server, payload: Value) -> Self {
        let mut socket = Self::open(server).await;
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub async fn send(&mut self, message: Value) {
        self.send_raw(Message::text(message.to_string())).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// What comes in as it is, unread.
    pub fn line(&mut self) -> &mut TcpStream {
        self.stream.get_mut()
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    pub async fn complete(&mut self, id: &str) {
        self.send(json!({ "id": id, "type": "complete" })).await;
    }

    /// The next message, other than a ping.
    pub async fn next(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("no message came").unwrap().unwrap() {
                Message::Text(text) => {
                    let mut message: Value = serde_json::from_str(&text).unwrap();
                    self.cost = take_cost(&mut message["payload"]);
                    if message["payload"].is_null() {
                        message.as_object_mut().unwrap().remove("payload");
                    }
                    if message["type"] != "ping" {
                        return message;
                    }
                    self.pings += 1;
                    // A client that has closed cannot answer any more.
                    let _ = self.stream.send(Message::text(r#"{"type":"pong"}"#)).await;
                }
                Message::Ping(_) => self.pings += 1,
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// The code and the reason with which the server closes the socket; messages before that are passed over.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("the socket stays open") {
                Some(Ok(Message::Close(Some(frame)))) => return (frame.code.into(), frame.reason.to_string()),
                Some(Ok(_)) => {}
                other => panic!("the socket ended without a close frame: {other:?}"),
            }
        }
    }
}
