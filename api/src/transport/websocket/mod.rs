//! GraphQL over WebSocket, by the protocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! A socket is one task that reads, writes and polls its operations in turns. A frame is taken from an operation only
//! when the socket takes it, so that a slow client holds back its own operations and nothing piles up; and operations
//! take turns, one frame each, so that a busy one does not starve the others.

mod alarms;
mod close;
mod credentials;
mod message;
mod operations;
mod session;
mod wire;

use std::sync::Arc;

use async_graphql::Executor;
use axum::{extract::WebSocketUpgrade, response::Response};

use super::{client_address::ClientAddress, endpoint::Endpoint, peer_progress::PeerProgress, request_id::RequestId};
use wire::Wire;

/// The only subprotocol. A socket without it is closed with 4406.
const SUBPROTOCOL: &str = "graphql-transport-ws";

/// What an idle socket keeps for reading; it grows for larger messages.
const READ_BUFFER_BYTES: usize = 512;

/// How much is gathered before it is written. The buffer is flushed whenever there is nothing more to send.
const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// Accepts the handshake and serves the socket until it closes.
pub(super) fn accept<E: Executor>(
    endpoint: Arc<Endpoint<E>>,
    handshake: WebSocketUpgrade,
    address: ClientAddress,
    request_id: RequestId,
    progress: PeerProgress,
) -> Response {
    let limit = endpoint.settings.websocket.message_limit_bytes;
    let held = endpoint.drain.hold();
    handshake
        .protocols([SUBPROTOCOL])
        .max_message_size(limit)
        .max_frame_size(limit)
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .on_upgrade(async move |socket| {
            session::serve(Wire::new(socket, progress), endpoint, address, request_id).await;
            drop(held);
        })
}
