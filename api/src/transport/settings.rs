//! What can be configured about the transports.

use std::time::Duration;

use super::{
    client_address::TrustedProxies, document::DocumentLimits, limits::OperationLimits, origin::AllowedOrigins,
    persisted::PersistedSettings, rate_limit::RateLimitSettings,
};

/// Limits and time-outs of all transports. The defaults are the published ones.
#[derive(Debug, Clone)]
pub struct TransportSettings {
    /// Largest request body, in bytes.
    pub body_limit_bytes: usize,
    /// How long a client may take to send its body.
    pub body_timeout: Duration,
    /// Limits of a document that are checked before it is parsed.
    pub document: DocumentLimits,
    /// Limits of an operation that are checked before it is executed.
    pub operation: OperationLimits,
    /// What each caller may spend.
    pub rate_limit: RateLimitSettings,
    /// Which documents can be named instead of being sent.
    pub persisted: PersistedSettings,
    /// How long one query or mutation may take. Subscriptions have no such limit.
    pub execution_timeout: Duration,
    /// How many errors of one document are reported.
    pub reported_errors: usize,
    /// Foreign web origins whose pages may call the API. Closed by default.
    pub allowed_origins: AllowedOrigins,
    /// The proxies that are believed when they tell who called them. None by default.
    pub trusted_proxies: TrustedProxies,
    /// How often an idle connection is written to. A WebSocket peer must answer within the same time.
    pub keep_alive_interval: Duration,
    /// Limits of a WebSocket.
    pub websocket: WebSocketSettings,
}

/// Limits of one WebSocket.
#[derive(Debug, Clone)]
pub struct WebSocketSettings {
    /// How long the client may take to send `connection_init`.
    pub init_timeout: Duration,
    /// How long the socket of an anonymous client may run no operation.
    pub anonymous_idle_timeout: Duration,
    /// How many operations may run at once.
    pub operation_limit: usize,
    /// Largest message from the client, in bytes.
    pub message_limit_bytes: usize,
    /// How long the client may take to answer the closing handshake.
    pub close_timeout: Duration,
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self {
            body_limit_bytes: 256 * 1024,
            body_timeout: Duration::from_secs(10),
            document: DocumentLimits::default(),
            operation: OperationLimits::default(),
            rate_limit: RateLimitSettings::default(),
            persisted: PersistedSettings::default(),
            execution_timeout: Duration::from_secs(30),
            reported_errors: 20,
            allowed_origins: AllowedOrigins::default(),
            trusted_proxies: TrustedProxies::default(),
            keep_alive_interval: Duration::from_secs(12),
            websocket: WebSocketSettings::default(),
        }
    }
}

impl Default for WebSocketSettings {
    fn default() -> Self {
        Self {
            init_timeout: Duration::from_secs(3),
            anonymous_idle_timeout: Duration::from_secs(60),
            operation_limit: 50,
            message_limit_bytes: 256 * 1024,
            close_timeout: Duration::from_secs(2),
        }
    }
}
