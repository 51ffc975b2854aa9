//! Every setting with its default.

mod limits;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

pub use limits::LimitSettings;

/// What the program is started with.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the desk is kept: sqlite://path/to/file.db or postgres://user:password@host/database.
    #[arg(long, env = "SWITCHBOARD_DATABASE_URL", hide_env_values = true, default_value = "sqlite://switchboard.db", global = true, value_parser = secret_text)]
    pub database_url: Hidden,

    /// The address to listen on; port 0 takes any free one.
    #[arg(long, env = "SWITCHBOARD_LISTEN", default_value = "127.0.0.1:4000", global = true)]
    pub listen: SocketAddr,

    /// The address to serve /metrics at. Not set: /metrics is served with the API, to programs on this machine only; set
    /// it where a proxy on this machine passes requests of others on.
    #[arg(long, env = "SWITCHBOARD_METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,

    /// The address under which Telegram reaches this server, such as https://desk.example.com.
    /// Set: updates come by webhook. Not set: they are fetched by long polling.
    #[arg(long, env = "SWITCHBOARD_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,

    /// The Bot API server, for one that you run yourself.
    #[arg(long, env = "SWITCHBOARD_TELEGRAM_API_URL", default_value = "https://api.telegram.org", global = true)]
    pub telegram_api_url: String,

    /// The token of a bot, from BotFather; creates a project for this bot at start.
    #[arg(long, env = "SWITCHBOARD_TELEGRAM_BOT_TOKEN", hide_env_values = true, global = true, value_parser = secret_text)]
    pub telegram_bot_token: Option<Hidden>,

    /// The address of the first administrator, used at the first start only.
    #[arg(long, env = "SWITCHBOARD_ADMIN_EMAIL", default_value = "admin@localhost", global = true)]
    pub admin_email: String,

    /// The password of the first administrator, used at the first start only; without it one
    /// is made up and printed once.
    #[arg(long, env = "SWITCHBOARD_ADMIN_PASSWORD", hide_env_values = true, global = true, value_parser = secret_text)]
    pub admin_password: Option<Hidden>,

    /// 32 random bytes in base64 or hex, which encrypt bot tokens and sign access tokens.
    /// Without it they are kept in a file beside the database, made at the first start.
    #[arg(long, env = "SWITCHBOARD_SECRET_KEY", hide_env_values = true, global = true, value_parser = secret_text)]
    pub secret_key: Option<Hidden>,

    /// The secret key before it was changed: what was encrypted and signed with it stays valid.
    #[arg(long, env = "SWITCHBOARD_PREVIOUS_SECRET_KEY", hide_env_values = true, global = true, value_parser = secret_text)]
    pub previous_secret_key: Option<Hidden>,

    /// Web origins besides this server's own that may use the API from a browser.
    #[arg(long = "allowed-origin", env = "SWITCHBOARD_ALLOWED_ORIGINS", value_delimiter = ',', global = true)]
    pub allowed_origins: Vec<String>,

    /// Serve the interactive editor at /graphiql.
    #[arg(long, env = "SWITCHBOARD_GRAPHIQL", default_value_t = true, action = clap::ArgAction::Set, global = true)]
    pub graphiql: bool,

    /// Answer questions about the schema, and suggest names when one is unknown.
    #[arg(long, env = "SWITCHBOARD_INTROSPECTION", default_value_t = true, action = clap::ArgAction::Set, global = true)]
    pub introspection: bool,

    /// A JSON file of documents that clients ask for by their `documentId`, as relay-compiler, graphql-codegen or
    /// Apollo's generate-persisted-query-manifest write it.
    #[arg(long, env = "SWITCHBOARD_PERSISTED_DOCUMENTS", global = true)]
    pub persisted_documents: Option<PathBuf>,

    /// Run nothing but the persisted documents.
    #[arg(long, env = "SWITCHBOARD_PERSISTED_DOCUMENTS_ONLY", default_value_t = false, action = clap::ArgAction::Set, global = true)]
    pub persisted_documents_only: bool,

    /// How much clients may ask for.
    #[command(flatten)]
    pub limits: LimitSettings,

    /// How long, in seconds, a process that vanished keeps others from serving its bots.
    #[arg(long, env = "SWITCHBOARD_LEASE_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=600), global = true)]
    pub lease_seconds: u64,

    /// How long, in seconds, a stopping process may take to finish what it has begun.
    #[arg(long, env = "SWITCHBOARD_DRAIN_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600), global = true)]
    pub drain_seconds: u64,

    /// What to log, such as info, warn or bot=debug.
    #[arg(long, env = "SWITCHBOARD_LOG", default_value = "info", global = true)]
    pub log: String,

    /// How to log.
    #[arg(long, env = "SWITCHBOARD_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,

    /// A TOML file with settings under the names of the flags, such as database-url.
    #[arg(long, env = "SWITCHBOARD_CONFIG", default_value = "switchboard.toml", global = true)]
    pub config: PathBuf,
}

impl Settings {
    /// How long a process that vanished keeps others from serving its bots.
    pub fn lease_ttl(&self) -> Duration {
        Duration::from_secs(self.lease_seconds)
    }

    /// How long a stopping process may take.
    pub fn drain_limit(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    /// How long requests to Telegram may take to end when the process stops: less than the
    /// whole, so that there is time to give up the leases.
    pub fn telegram_drain_limit(&self) -> Duration {
        self.drain_limit().mul_f32(0.7)
    }
}

/// How to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A text that never shows in a log.
#[derive(Clone)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

fn secret_text(text: &str) -> Result<Hidden, std::convert::Infallible> {
    Ok(Hidden(text.to_owned()))
}
