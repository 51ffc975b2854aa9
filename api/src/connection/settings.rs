//! What can be configured about connections.

use std::time::Duration;

use crate::transport::TrustedProxies;

/// The bounds of connections.
#[derive(Debug, Clone)]
pub struct ConnectionSettings {
    /// How many there may be at once.
    pub most: usize,
    /// How many one client may have at once. An IPv6 /64 counts as one client; this machine and the trusted proxies may
    /// have any number.
    pub most_per_client: usize,
    /// How long a client may take for the first request, up to the end of its headers.
    pub head_timeout: Duration,
    /// How long a connection may wait for its next request.
    pub idle_timeout: Duration,
    /// The proxies in front of the server, whose connections are those of many clients.
    pub trusted_proxies: TrustedProxies,
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self {
            most: 12_000,
            most_per_client: 3_000,
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            trusted_proxies: TrustedProxies::default(),
        }
    }
}
