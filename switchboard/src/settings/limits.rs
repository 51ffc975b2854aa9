//! How much clients may ask for.

use std::time::Duration;

use api::connection::ConnectionSettings;
use api::transport::{
    DocumentLimits, OperationLimits, RateLimitSettings, TransportSettings, TrustedProxies, TrustedProxy,
    WebSocketSettings,
};
use clap::Args;

use crate::failure::Failure;

/// The limits of requests and operations, what each client may spend, and whom to believe about who the client is.
#[derive(Debug, Clone, Args)]
pub struct LimitSettings {
    /// The largest request body and the largest message on a WebSocket, in bytes.
    #[arg(long, env = "SWITCHBOARD_LIMIT_BODY_BYTES", default_value_t = 256 * 1024, value_parser = at_least_one(), global = true)]
    pub limit_body_bytes: u32,

    /// The largest file that an agent may upload, in bytes. Telegram takes files of up to 50 MB from bots; a Bot API server
    /// of your own takes larger ones.
    #[arg(long, env = "SWITCHBOARD_MAX_UPLOAD_BYTES", default_value_t = 50 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1..=MAX_UPLOAD), global = true)]
    pub max_upload_bytes: u64,

    /// The most characters of a GraphQL document.
    #[arg(long, env = "SWITCHBOARD_LIMIT_QUERY_CHARACTERS", default_value_t = 15_000, value_parser = at_least_one(), global = true)]
    pub limit_query_characters: u32,

    /// The most lexical tokens of a GraphQL document.
    #[arg(long, env = "SWITCHBOARD_LIMIT_QUERY_TOKENS", default_value_t = 1_000, value_parser = at_least_one(), global = true)]
    pub limit_query_tokens: u32,

    /// The most fields of an operation inside one another.
    #[arg(long, env = "SWITCHBOARD_LIMIT_DEPTH", default_value_t = 12, value_parser = at_least_one(), global = true)]
    pub limit_depth: u32,

    /// The most aliases of an operation.
    #[arg(long, env = "SWITCHBOARD_LIMIT_ALIASES", default_value_t = 30, global = true)]
    pub limit_aliases: u32,

    /// The most directives of an operation.
    #[arg(long, env = "SWITCHBOARD_LIMIT_DIRECTIVES", default_value_t = 10, global = true)]
    pub limit_directives: u32,

    /// The most root fields of a query.
    #[arg(long, env = "SWITCHBOARD_LIMIT_ROOT_FIELDS", default_value_t = 20, value_parser = at_least_one(), global = true)]
    pub limit_root_fields: u32,

    /// The most root fields of a mutation.
    #[arg(long, env = "SWITCHBOARD_LIMIT_MUTATIONS", default_value_t = 4, value_parser = at_least_one(), global = true)]
    pub limit_mutations: u32,

    /// The most fields and fragments of an operation, its fragments expanded.
    #[arg(long, env = "SWITCHBOARD_LIMIT_SELECTIONS", default_value_t = 2_000, value_parser = at_least_one(), global = true)]
    pub limit_selections: u32,

    /// The most points that one operation may cost.
    #[arg(long, env = "SWITCHBOARD_LIMIT_COST", default_value_t = 5_000, value_parser = at_least_one(), global = true)]
    pub limit_cost: u32,

    /// How long a query or a mutation may take, in seconds.
    #[arg(long, env = "SWITCHBOARD_LIMIT_TIMEOUT_SECONDS", default_value_t = 30, value_parser = at_least_one(), global = true)]
    pub limit_timeout_seconds: u32,

    /// How many points an agent, an API token or an anonymous client can spend at once; 0 for no limit.
    #[arg(long, env = "SWITCHBOARD_RATE_LIMIT_POINTS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(..=MAX_INT), global = true)]
    pub rate_limit_points: u32,

    /// How many points they get back each second.
    #[arg(long, env = "SWITCHBOARD_RATE_LIMIT_POINTS_PER_SECOND", default_value_t = 500, value_parser = at_least_one(), global = true)]
    pub rate_limit_points_per_second: u32,

    /// The most connections at once. By default 12000, or as many as the system's limit of open files allows.
    #[arg(long, env = "SWITCHBOARD_LIMIT_CONNECTIONS", value_parser = at_least_one(), global = true)]
    pub limit_connections: Option<u32>,

    /// The most connections of one client address, or IPv6 /64, at once; this machine and trusted proxies may have any
    /// number. By default a quarter of all.
    #[arg(long, env = "SWITCHBOARD_LIMIT_CONNECTIONS_PER_CLIENT", value_parser = at_least_one(), global = true)]
    pub limit_connections_per_client: Option<u32>,

    /// How long a new connection may take for the line and the headers of its first request, in seconds.
    #[arg(long, env = "SWITCHBOARD_LIMIT_REQUEST_HEAD_SECONDS", default_value_t = 10, value_parser = at_least_one(), global = true)]
    pub limit_request_head_seconds: u32,

    /// How long a connection may wait for its next request, and the WebSocket of an anonymous client run nothing, in
    /// seconds.
    #[arg(long, env = "SWITCHBOARD_LIMIT_IDLE_SECONDS", default_value_t = 60, value_parser = at_least_one(), global = true)]
    pub limit_idle_seconds: u32,

    /// The proxies in front of the server, as addresses or networks such as 10.0.0.0/8. What they say in X-Forwarded-For
    /// about who the client is, is believed.
    #[arg(long = "trusted-proxy", env = "SWITCHBOARD_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<String>,
}

impl LimitSettings {
    /// The settings of the transports, with all that is not set here by default.
    pub fn transport(&self) -> Result<TransportSettings, Failure> {
        let defaults = TransportSettings::default();
        Ok(TransportSettings {
            body_limit_bytes: self.limit_body_bytes as usize,
            document: DocumentLimits {
                characters: self.limit_query_characters as usize,
                tokens: self.limit_query_tokens as usize,
                ..defaults.document
            },
            operation: OperationLimits {
                depth: self.limit_depth as usize,
                aliases: self.limit_aliases as usize,
                directives: self.limit_directives as usize,
                root_fields: self.limit_root_fields as usize,
                mutations: self.limit_mutations as usize,
                selections: self.limit_selections as usize,
                cost: self.limit_cost,
                ..defaults.operation
            },
            execution_timeout: Duration::from_secs(self.limit_timeout_seconds.into()),
            rate_limit: RateLimitSettings {
                points: self.rate_limit_points,
                points_per_second: self.rate_limit_points_per_second,
            },
            trusted_proxies: self.trusted_proxies()?,
            websocket: WebSocketSettings {
                message_limit_bytes: self.limit_body_bytes as usize,
                anonymous_idle_timeout: Duration::from_secs(self.limit_idle_seconds.into()),
                ..defaults.websocket
            },
            ..defaults
        })
    }

    /// The bounds of connections, where the system has room for this many.
    pub fn connections(&self, room: usize) -> Result<ConnectionSettings, Failure> {
        let defaults = ConnectionSettings::default();
        let most = self.limit_connections.map_or(defaults.most.min(room), |most| most as usize);
        Ok(ConnectionSettings {
            most,
            most_per_client: self.limit_connections_per_client.map_or(most.div_ceil(4), |most| most as usize),
            head_timeout: Duration::from_secs(self.limit_request_head_seconds.into()),
            idle_timeout: Duration::from_secs(self.limit_idle_seconds.into()),
            trusted_proxies: self.trusted_proxies()?,
        })
    }

    fn trusted_proxies(&self) -> Result<TrustedProxies, Failure> {
        self.trusted_proxies
            .iter()
            .filter(|proxy| !proxy.trim().is_empty())
            .map(|proxy| proxy.parse::<TrustedProxy>())
            .collect::<Result<_, _>>()
            .map_err(|error| Failure::new(format!("SWITCHBOARD_TRUSTED_PROXIES: {error}")))
    }
}

/// The most that an agent may have uploaded without sending it.
const MAX_UPLOAD: u64 = desk::file::MOST_UNUSED_BYTES.unsigned_abs();

/// The greatest number that clients can be told of in an `Int`.
const MAX_INT: i64 = i32::MAX as i64;

fn at_least_one() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=MAX_INT)
}
