//! The HTTP server: GraphQL, and what operators and other services ask of the process.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use desk::Desk;
use desk::media::MediaSource;
use http::StatusCode;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::caller::Tokens;
use crate::connection::{self, ConnectionSettings};
use crate::export::{self, Export};
use crate::files::{self, Files};
use crate::metrics_page::{self, Readers};
use crate::transport::{self, AllowedOrigins, Clock, Drain, Endpoint, OperationLimits, SchemaShape, TransportSettings};
use crate::{graphiql, schema};

/// How long the database may take to say that it is there.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// What can be configured about the API.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Foreign web origins whose pages may call the API. None by default.
    pub allowed_origins: AllowedOrigins,
    /// Whether `/graphiql` is served.
    pub graphiql: bool,
    /// Whether clients may ask for the schema and are told names that they may have meant.
    pub introspection: bool,
    /// Whether programs on this machine find `/metrics` here.
    pub metrics: bool,
    /// The largest file that agents may upload, in bytes.
    pub max_upload_bytes: u64,
    /// Limits and time-outs. Its own `allowed_origins` are not used.
    pub transport: TransportSettings,
    /// How many connections there may be, and how long they may say nothing.
    pub connections: ConnectionSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allowed_origins: AllowedOrigins::default(),
            graphiql: true,
            introspection: true,
            metrics: true,
            max_upload_bytes: files::MAX_UPLOAD_BYTES,
            transport: TransportSettings::default(),
            connections: ConnectionSettings::default(),
        }
    }
}

/// Serves a desk over HTTP.
pub struct Server {
    desk: Desk,
    settings: Settings,
    metrics: PrometheusHandle,
    media: Option<Arc<dyn MediaSource>>,
}

impl Server {
    /// A server for a desk, which publishes these metrics.
    pub fn new(desk: Desk, settings: Settings, metrics: PrometheusHandle) -> Self {
        Self { desk, settings, metrics, media: None }
    }

    /// The same server, which hands out the files of customers from there.
    #[must_use]
    pub fn with_media(self, media: Arc<dyn MediaSource>) -> Self {
        Self { media: Some(media), ..self }
    }

    /// Serves until told to stop, together with what else listens at the same address. Then it lets running requests
    /// end and closes the sockets.
    pub async fn serve(self, listener: TcpListener, others: Router, stop: CancellationToken) {
        let connections = self.settings.connections.clone();
        let (router, drain) = self.router(others, stop.clone());
        connection::serve(listener, router, connections, stop).await;
        drain.finished().await;
    }

    /// The routes, together with others, and the drain that begins with `stop` and knows when the last socket and the
    /// last mutation have ended.
    pub fn router(self, others: Router, stop: CancellationToken) -> (Router, Drain) {
        let Self { desk, settings, metrics, media } = self;
        let drain = Drain::new(stop);
        let clock = {
            let desk = desk.clone();
            Clock::new(move || desk.now())
        };
        let schema = schema::build(desk.clone(), settings.introspection);
        let transport = TransportSettings {
            allowed_origins: settings.allowed_origins,
            operation: OperationLimits { page_size: desk::PAGE_SIZE, ..settings.transport.operation },
            ..settings.transport
        };
        let shape = SchemaShape::parse(&schema::sdl()).expect("the schema is printed in its own definition language");
        let endpoint =
            Endpoint::new(schema, shape, Tokens::new(desk.clone()), clock, drain.clone()).with_settings(transport);
        endpoint.forget_whenever(desk.hear_forgetting());
        let export = export::router(Export {
            desk: desk.clone(),
            tokens: Tokens::new(desk.clone()),
            reception: endpoint.reception(),
        });
        let files = files::router(Files {
            desk: desk.clone(),
            tokens: Tokens::new(desk.clone()),
            media,
            reception: endpoint.reception(),
            max_upload_bytes: settings.max_upload_bytes,
        });
        let process = Router::new()
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .route("/.well-known/jwks.json", get(jwks))
            .with_state(Arc::new(Process { desk }));
        let metrics =
            if settings.metrics { metrics_page::router(metrics, Readers::ThisMachine) } else { Router::new() };
        let graphiql = if settings.graphiql { graphiql::router() } else { Router::new() };
        (
            transport::router(endpoint)
                .merge(files)
                .merge(export)
                .merge(process)
                .merge(metrics)
                .merge(graphiql)
                .merge(others),
            drain,
        )
    }
}

struct Process {
    desk: Desk,
}

/// That the process lives.
async fn healthz() -> &'static str {
    "alive\n"
}

/// Whether the process can do its work, which takes the database.
async fn readyz(State(process): State<Arc<Process>>) -> (StatusCode, &'static str) {
    match timeout(READY_WITHIN, process.desk.is_ready()).await {
        Ok(true) => (StatusCode::OK, "ready\n"),
        Ok(false) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

/// The keys that access tokens are signed with (RFC 7517), for services that check them by themselves.
async fn jwks(State(process): State<Arc<Process>>) -> Json<serde_json::Value> {
    Json(process.desk.keys().access_tokens.jwks())
}
