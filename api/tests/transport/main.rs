//! The transports over real sockets, with a schema of their own.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

mod codes;
mod connections;
mod http;
mod limits;
mod schema;
mod server;
mod socket;
mod sse;
mod standing_time;
mod websocket;
