//! `/metrics`: what Prometheus collects. It tells how busy the desk is, which is nobody else's business.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;

/// Who may read the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever reaches the listener.
    All,
    /// Only programs on this machine.
    ThisMachine,
}

/// The route of the metrics, in the text format of Prometheus. Who may not read them finds nothing there.
pub fn router(metrics: PrometheusHandle, readers: Readers) -> Router {
    Router::new().route("/metrics", get(page)).with_state((metrics, readers))
}

async fn page(State((metrics, readers)): State<(PrometheusHandle, Readers)>, request: Request) -> Response {
    if readers == Readers::ThisMachine && !is_of_this_machine(&request) {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()).into_response()
}

/// Whether a program on this machine asks, and not a proxy on it for somebody else.
fn is_of_this_machine(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback()) && !is_forwarded(request.headers())
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    ["x-forwarded-for", "x-real-ip", "forwarded", "via"].into_iter().any(|name| headers.contains_key(name))
}
