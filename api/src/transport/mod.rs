//! How GraphQL requests come in and results go out: HTTP, WebSocket and server-sent events, all at `/graphql`.
//!
//! The transports know nothing of the schema. They serve any [`async_graphql::Executor`], and they see to it that
//! whatever it does, what leaves the server is well-formed: each error has a code from the published [`ErrorCode`] list
//! and the id of its request, a panicking resolver costs one operation and no connection, and a mutation that has begun
//! runs to its end even if its client goes away.
//!
//! The way of an operation is the same in all of them: `parameters` reads what was sent, `operation` parses it within
//! the limits of `document` and finds out what kind it is, `execution` runs it, and `result` is what came of it.

mod authentication;
mod clock;
mod code;
mod cors;
mod document;
mod drain;
mod endpoint;
mod error;
mod execution;
mod http;
mod operation;
mod origin;
mod parameters;
mod request_id;
mod result;
mod router;
mod settings;
mod sse;
mod websocket;

pub use authentication::{AuthenticationError, Authenticator, Caller};
pub use clock::Clock;
pub use code::ErrorCode;
pub use document::DocumentLimits;
pub use drain::Drain;
pub use endpoint::Endpoint;
pub use origin::{AllowedOrigins, Origin, OriginError};
pub use request_id::{REQUEST_ID_HEADER, RequestId, assign_request_id};
pub use router::{GRAPHQL_PATH, router};
pub use settings::{TransportSettings, WebSocketSettings};
