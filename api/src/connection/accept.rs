//! Accepting connections and serving the requests on each.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use super::ConnectionSettings;
use super::admission::{Admission, NoRoom, Place};
use super::counted::Counted;
use super::head_timer::HeadTimer;
use crate::transport::PeerProgress;

/// The most bytes of a request that are kept before they are understood, which bounds its line and headers.
const BUFFER_BYTES: usize = 64 * 1024;
/// How long to wait when the system has no more connections to give, such as for want of file descriptors.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Serves the routes until told to stop. Then it lets running requests end, and returns. Each request has the address of
/// its peer as a [`ConnectInfo<SocketAddr>`].
///
/// Connections beyond the limits are closed at once, and those that say nothing for too long when their time is up.
/// What a request upgraded its connection to, such as a WebSocket, counts as a connection and is not waited for.
pub async fn serve(listener: TcpListener, routes: Router, settings: ConnectionSettings, stop: CancellationToken) {
    // Done here, what belongs to a route is built once instead of for each request.
    let routes: Router = routes.with_state(());
    let admission = Arc::new(Admission::new(settings));
    let connections = TaskTracker::new();
    while let Some((stream, peer)) = stop.run_until_cancelled(accept(&listener)).await {
        match admission.admit(peer.ip()) {
            Ok(place) => {
                let serving = serve_connection(stream, peer, place, routes.clone(), &admission, stop.clone());
                connections.spawn(serving);
            }
            Err(no_room) => turn_away(&stream, no_room),
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// The next connection.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "connections cannot be accepted; trying again");
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }
    }
}

/// Whether the client had gone before it was accepted.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Says why and closes. A client that has no room for these few bytes does not learn the reason.
fn turn_away(stream: &TcpStream, no_room: NoRoom) {
    let reason = format!("{no_room}\n");
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 10\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{reason}",
        reason.len()
    );
    let _ = stream.try_write(answer.as_bytes());
}

/// Serves one connection until it ends or is upgraded.
fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    routes: Router,
    admission: &Admission,
    stop: CancellationToken,
) -> impl Future<Output = ()> + Send + use<> {
    // Small messages, which events are, must not wait for one another.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection cannot be made to send at once");
    }
    let settings = admission.settings();
    let mut protocol = http1::Builder::new();
    protocol.timer(HeadTimer::new(settings)).header_read_timeout(settings.head_timeout).max_buf_size(BUFFER_BYTES);
    // For the answer to a handshake, which some clients look through for their own spelling of a name.
    protocol.preserve_header_case(true);
    let progress = PeerProgress::default();
    let io = TokioIo::new(Counted { stream, _place: place, progress: progress.clone() });
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(progress.clone());
        routes.clone().call(request.map(Body::new))
    });
    async move {
        let mut connection = pin!(protocol.serve_connection(io, service).with_upgrades());
        let outcome = tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "a connection failed");
        }
    }
}
