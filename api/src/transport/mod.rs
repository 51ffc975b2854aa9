//! How GraphQL requests come in and results go out: HTTP, WebSocket and server-sent events, all at `/graphql`.
//!
//! The transports know nothing of the schema. They serve any [`async_graphql::Executor`], and they see to it that
//! whatever it does, what leaves the server is well-formed: each error has a code from the published [`ErrorCode`] list
//! and the id of its request, a panicking resolver costs one operation and no connection, and a mutation that has begun
//! runs to its end even if its client goes away.
//!
//! The way of an operation is the same in all of them: `parameters` reads what was sent, `persisted` finds a
//! document that was only named, `operation` parses it within
//! the limits of `document`, finds out what kind it is and has `limits` say what it costs, `rate_limit` takes that from
//! what its caller has, `execution` runs it, and `result` is what came of it.

mod authentication;
mod client_address;
mod clock;
mod code;
mod cors;
mod document;
mod drain;
mod endpoint;
mod error;
mod execution;
#[cfg(test)]
mod fuzz;
mod http;
mod limits;
mod operation;
mod origin;
mod parameters;
mod peer_progress;
mod persisted;
mod rate_limit;
mod reception;
mod request_id;
mod result;
mod router;
mod settings;
mod sse;
mod subscription;
mod websocket;

pub(crate) use authentication::bearer_of;
pub use authentication::{AuthenticationError, Authenticator, Caller};
pub use client_address::{ClientAddress, TrustedProxies, TrustedProxy, TrustedProxyError};
pub use clock::Clock;
pub use code::ErrorCode;
pub use document::DocumentLimits;
pub use drain::Drain;
pub use endpoint::Endpoint;
pub(crate) use error::{code_of, server_error};
pub(crate) use http::{Broken, discard_rest, next_data, refused};
pub use limits::{OperationLimits, SchemaShape};
pub use origin::{AllowedOrigins, Origin, OriginError};
pub(crate) use peer_progress::PeerProgress;
pub use persisted::{AutomaticQuota, ManifestError, PersistedDocuments, PersistedSettings};
pub use rate_limit::{RateLimitSettings, RateLimitStatus};
pub(crate) use reception::Reception;
pub use request_id::{REQUEST_ID_HEADER, RequestId, assign_request_id};
pub use router::{GRAPHQL_PATH, router};
pub use settings::{TransportSettings, WebSocketSettings};
pub use subscription::{Handover, Occasion, Source};
