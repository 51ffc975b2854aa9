//! The API as any integrator sees it: JSON over HTTP, and `graphql-transport-ws` for subscriptions.

mod response;
mod socket;
mod subscription;

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

pub use response::Response;
pub use socket::Socket;
pub use subscription::{Ending, Subscription};

use crate::http_thread;

/// How long a request may take before it counts as never answered.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of one server, anonymous or signed in.
///
/// Its clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl Client {
    /// A client that is not signed in, of the server at `url` ([`Server::url`](crate::Server::url)).
    ///
    /// # Panics
    /// Never, unless the TLS library cannot start.
    pub fn anonymous(url: &str) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("the client has no unusual settings");
        Self { http, url: format!("{url}/graphql"), token: None }
    }

    /// A client signed in as an agent.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn sign_in(url: &str, email: &str, password: &str) -> Self {
        let client = Self::anonymous(url);
        let document = "mutation SignIn($input: SignInInput!) {
            signIn(input: $input) { accessToken userErrors { message } }
        }";
        let variables = json!({ "input": { "email": email, "password": password } });
        let data = client.query(document, variables).await;
        match data["signIn"]["accessToken"].as_str() {
            Some(token) => client.with_token(token),
            None => panic!("sign-in as {email} was refused: {}", data["signIn"]["userErrors"]),
        }
    }

    /// The same client with another access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The access token, if signed in.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Executes a query or a mutation and returns its data.
    ///
    /// # Panics
    /// When the answer has errors, or there is none. User errors are data.
    pub async fn query(&self, document: &str, variables: Value) -> Value {
        let response = self.try_query(document, variables).await;
        match response {
            Ok(response) if response.errors.is_empty() && response.data.is_object() => response.data,
            Ok(response) => panic!("the operation failed\n{document}\n{response:#?}"),
            Err(error) => panic!("the operation got no answer\n{document}\n{error:?}"),
        }
    }

    /// Executes a query or a mutation and returns whatever is answered.
    ///
    /// # Errors
    /// When there is no answer over HTTP at all, for example because the server is gone.
    pub async fn try_query(&self, document: &str, variables: Value) -> reqwest::Result<Response> {
        self.post(&json!({ "query": document, "variables": variables })).await
    }

    /// Posts these parameters and returns whatever is answered.
    ///
    /// # Errors
    /// When there is no answer over HTTP at all.
    pub async fn post(&self, parameters: &Value) -> reqwest::Result<Response> {
        self.send(self.request(Method::POST).json(parameters)).await
    }

    /// Sends these parameters by GET, with a header that shows that no page of another site sends them.
    ///
    /// # Errors
    /// When there is no answer over HTTP at all.
    pub async fn get(&self, parameters: &[(&str, &str)]) -> reqwest::Result<Response> {
        self.send(self.request(Method::GET).query(parameters).header("x-graphql-preflight", "1")).await
    }

    /// A request of the server with the token and the usual `Accept`, to be completed and [sent](Self::send).
    pub fn request(&self, method: Method) -> RequestBuilder {
        let request = self
            .http
            .request(method, &self.url)
            .header("accept", "application/graphql-response+json, application/json;q=0.9");
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request and returns whatever is answered.
    ///
    /// # Errors
    /// When there is no answer over HTTP at all.
    pub async fn send(&self, request: RequestBuilder) -> reqwest::Result<Response> {
        http_thread::run(async { Response::read(request.send().await?).await }).await
    }

    /// A socket that the server has acknowledged.
    ///
    /// # Panics
    /// When it does not.
    pub async fn socket(&self) -> Socket {
        Socket::connect(&self.url.replacen("http", "ws", 1), self.token()).await
    }

    /// Starts a subscription on a socket of its own.
    ///
    /// # Panics
    /// When the server does not accept the socket.
    pub async fn subscribe(&self, document: &str, variables: Value) -> Subscription {
        match self.try_subscribe(document, variables).await {
            Ok(subscription) => subscription,
            Err(ending) => panic!("the server does not accept the socket: {ending:?}\n{document}"),
        }
    }

    /// Starts a subscription on a socket of its own, or tells how the server refused the socket. A subscription that
    /// is itself refused starts and then ends; see [`Subscription::ending_within`].
    ///
    /// # Errors
    /// How the socket ended before it was acknowledged.
    pub async fn try_subscribe(&self, document: &str, variables: Value) -> Result<Subscription, Ending> {
        let url = self.url.replacen("http", "ws", 1);
        Subscription::open(&url, self.token(), document, variables).await
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;

    use super::*;

    /// A server that answers one request with `body`, and then tells the head of that request.
    async fn answer_once(status: &'static str, body: &'static str) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answering = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                stream.read_line(&mut head).await.unwrap();
            }
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            let mut request = vec![0; length.parse().unwrap()];
            stream.read_exact(&mut request).await.unwrap();
            let length = body.len();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
            head
        });
        (url, answering)
    }

    #[tokio::test]
    async fn signs_in_and_sends_the_token() {
        let (url, _) = answer_once("200 OK", r#"{"data":{"signIn":{"accessToken":"abc","userErrors":[]}}}"#).await;
        let client = Client::sign_in(&url, "agent@desk.test", "password").await;
        assert_eq!(client.token(), Some("abc"));

        let (url, answering) = answer_once("200 OK", r#"{"data":{"viewer":null}}"#).await;
        let data = Client::anonymous(&url).with_token("abc").query("{ viewer { id } }", Value::Null).await;
        assert_eq!(data, json!({ "viewer": null }));
        assert!(answering.await.unwrap().contains("authorization: Bearer abc\r\n"));
    }

    #[tokio::test]
    async fn tells_what_was_answered_even_if_it_is_not_json() {
        let (url, _) = answer_once("503 Service Unavailable", "upstream is away").await;
        let response = Client::anonymous(&url).try_query("{ viewer { id } }", Value::Null).await.unwrap();
        assert_eq!(response.status.as_u16(), 503);
        assert_eq!(response.body, "upstream is away");
        assert_eq!(response.data, Value::Null);
    }

    #[tokio::test]
    #[should_panic(expected = "UNAUTHENTICATED")]
    async fn shows_every_error_of_a_failed_operation() {
        let body = r#"{"errors":[{"message":"sign in","extensions":{"code":"UNAUTHENTICATED"}}]}"#;
        let (url, _) = answer_once("401 Unauthorized", body).await;
        Client::anonymous(&url).query("{ viewer { id } }", Value::Null).await;
    }
}
