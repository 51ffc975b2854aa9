//! A server on a port of its own.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::AtomicU64, atomic::Ordering},
    time::Duration,
};

use api::transport::{AuthenticationError, Authenticator, Caller, Clock, Drain, Endpoint, TransportSettings, router};
use axum::{Router, serve::ListenerExt as _};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::timeout};
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
    now: Arc<Mutex<DateTime<Utc>>>,
    client: reqwest::Client,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a server after `change` has changed its settings.
    pub async fn with(change: impl FnOnce(&mut TransportSettings)) -> Self {
        let mut settings = TransportSettings::default();
        change(&mut settings);
        let ledger = Ledger::default();
        let now = Arc::new(Mutex::new(DateTime::UNIX_EPOCH));
        let clock = Clock::new({
            let now = Arc::clone(&now);
            move || *now.lock().unwrap()
        });
        let begin_drain = CancellationToken::new();
        let drain = Drain::new(begin_drain.clone());
        let endpoint = Endpoint::new(schema(ledger.clone()), Tokens(clock.clone()), clock, drain.clone());
        let app: Router = router(endpoint.with_settings(settings));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let listener = listener.tap_io(|connection| connection.set_nodelay(true).unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { address, ledger, drain, begin_drain, now, client }
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

/// Sends a request, and checks what is true of every answer: it is JSON, has a request id, and the same in each error.
pub async fn answer(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.unwrap();
    let status = response.status();
    let headers = response.headers().clone();
    let body: Value = response.json().await.unwrap();
    let request_id = headers["x-request-id"].to_str().unwrap();
    for error in body["errors"].as_array().into_iter().flatten() {
        assert_eq!(error["extensions"]["requestId"], request_id, "{error}");
        assert!(error["extensions"]["code"].is_string(), "{error}");
    }
    Answer { status, headers, body }
}

/// Knows a few tokens by heart.
struct Tokens(Clock);

impl Authenticator for Tokens {
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Caller, AuthenticationError>> {
        Box::pin(async move {
            match bearer {
                None => Ok(Caller::new()),
                Some("alice") => Ok(Caller::new().with(Name("alice"))),
                Some("briefly") => Ok(Caller::new().with(Name("bob")).expiring_at(self.0.now() + BRIEF)),
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
