//! Where the log goes: lines or JSON on the standard error output.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::failure::Failure;
use crate::settings::{LogFormat, Settings};

/// Starts logging for the whole process.
pub fn start(settings: &Settings) -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .parse(&settings.log)
        .map_err(|error| Failure::new(format!("SWITCHBOARD_LOG: {error}; write it like info or bot=debug")))?;
    let filter = filter.and(filter_fn(is_discreet));
    let log = fmt::layer().with_writer(io::stderr);
    match settings.log_format {
        LogFormat::Text => registry().with(log.with_ansi(io::stderr().is_terminal()).with_filter(filter)).init(),
        LogFormat::Json => registry().with(log.json().flatten_event(true).with_filter(filter)).init(),
    }
    Ok(())
}

/// The crates of the desk.
const OURS: [&str; 6] = ["switchboard", "api", "bot", "desk", "store", "domain"];

/// Whether what is said can be no secret and nobody's words. Below `info` libraries tell what passes through them: the
/// values of statements, the addresses of requests.
fn is_discreet(metadata: &Metadata<'_>) -> bool {
    let crate_name = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OURS.contains(&crate_name)
}
