//! The transports over real sockets, with a schema of their own.

mod http;
mod schema;
mod server;
mod socket;
mod sse;
mod websocket;
