//! A server on a port of its own.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::AtomicU64, atomic::Ordering},
    time::Duration,
};

use api::connection::{self, ConnectionSettings};
use api::transport::{
    AuthenticationError, Authenticator, Caller, Clock, Drain, Endpoint, SchemaShape, TransportSettings, router,
};
use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::schema::{Ledger, Name, schema};

/// How long any test waits for what must happen.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What `briefly` is good for, by the test's own clock.
pub const BRIEF: TimeDelta = TimeDelta::milliseconds(200);

pub struct Server {
    pub address: SocketAddr,
    pub ledger: Ledger,
    pub drain: Drain,
    pub begin_drain: CancellationToken,
    /// Ends the accepting of connections.
    pub stop: CancellationToken,
    /// Ends when the last connection has.
    pub serving: JoinHandle<()>,
    /// Revokes the token `revocable`.
    pub revoke: CancellationToken,
    now: Arc<Mutex<DateTime<Utc>>>,
    client: reqwest::Client,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a server after `change` has changed its settings.
    pub async fn with(change: impl FnOnce(&mut TransportSettings)) -> Self {
        Self::with_connections(change, ConnectionSettings::default()).await
    }

    /// Starts a server with these bounds of connections.
    pub async fn with_connections(
        change: impl FnOnce(&mut TransportSettings),
        connections: ConnectionSettings,
    ) -> Self {
        let mut settings = TransportSettings::default();
        change(&mut settings);
        let ledger = Ledger::default();
        let now = Arc::new(Mutex::new(DateTime::UNIX_EPOCH));
        let clock = Clock::new({
            let now = Arc::clone(&now);
            move || *now.lock().unwrap()
        });
        let begin_drain = CancellationToken::new();
        let revoke = CancellationToken::new();
        let drain = Drain::new(begin_drain.clone());
        let schema = schema(ledger.clone());
        let shape = SchemaShape::parse(&schema.sdl()).unwrap();
        let endpoint = Endpoint::new(
            schema,
            shape,
            Tokens { clock: clock.clone(), revoked: revoke.clone() },
            clock,
            drain.clone(),
        );
        let app: Router = router(endpoint.with_settings(settings));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(connection::serve(listener, app, connections, stop.clone()));
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { address, ledger, drain, begin_drain, stop, serving, revoke, now, client }
    }

    pub fn move_clock(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    pub fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    pub fn post(&self) -> RequestBuilder {
        self.client.post(self.url())
    }

    pub fn get(&self, parameters: &[(&str, &str)]) -> RequestBuilder {
        self.client.get(self.url()).query(parameters)
    }

    pub fn request(&self, method: reqwest::Method) -> RequestBuilder {
        self.client.request(method, self.url())
    }

    /// Posts a query and accepts the media type with telling status codes.
    pub fn query(&self, query: &str) -> RequestBuilder {
        self.post().header("accept", "application/graphql-response+json").json(&json!({ "query": query }))
    }
}

/// What came back: the status, and the body as JSON.
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
    /// What the operation cost, if it was executed.
    pub cost: Option<Value>,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
    }

    pub fn message(&self) -> &str {
        self.body["errors"][0]["message"].as_str().unwrap_or("none")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("none", |value| value.to_str().unwrap())
    }
}

/// Takes what a result says about its cost out of it.
pub fn take_cost(result: &mut Value) -> Option<Value> {
    let mut extensions = result.as_object_mut()?.remove("extensions")?;
    let cost = extensions.as_object_mut().unwrap().remove("cost");
    assert_eq!(extensions, json!({}));
    cost
}

/// Sends a request, and checks what is true of every answer: it is JSON, has a request id, and the same in each error.
pub async fn answer(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.unwrap();
    let status = response.status();
    let headers = response.headers().clone();
    let mut body: Value = response.json().await.unwrap();
    let cost = take_cost(&mut body);
    assert!(cost.is_some() || body.get("data").is_none(), "{body} has no cost");
    let request_id = headers["x-request-id"].to_str().unwrap();
    for error in body["errors"].as_array().into_iter().flatten() {
        assert_eq!(error["extensions"]["requestId"], request_id, "{error}");
        assert!(error["extensions"]["code"].is_string(), "{error}");
    }
    Answer { status, headers, body, cost }
}

/// Knows a few tokens by heart.
struct Tokens {
    clock: Clock,
    revoked: CancellationToken,
}

impl Authenticator for Tokens {
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Caller, AuthenticationError>> {
        Box::pin(async move {
            match bearer {
                None => Ok(Caller::new()),
                Some("alice") => Ok(Caller::new().with(Name("alice")).identified_by("alice")),
                Some("briefly") => Ok(Caller::new().with(Name("bob")).expiring_at(self.clock.now() + BRIEF)),
                Some("revocable") => {
                    let revoked = self.revoked.clone();
                    Ok(Caller::new().until(move || Box::pin(revoked.clone().cancelled_owned())))
                }
                Some("expired") => Err(AuthenticationError::Expired),
                Some("unknowable") => Err(AuthenticationError::Unavailable),
                Some("slowly") => {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    Ok(Caller::new())
                }
                Some(_) => Err(AuthenticationError::Invalid),
            }
        })
    }
}

/// Waits until the counter has reached `expected`.
pub async fn reaches(counter: &AtomicU64, expected: u64) {
    let reached = async {
        while counter.load(Ordering::SeqCst) < expected {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, reached).await.expect("the counter did not reach the number");
}
