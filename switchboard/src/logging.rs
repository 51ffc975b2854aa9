//! Where the log goes: lines or JSON on the standard error output.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::settings::{LogFormat, Settings};

/// Starts logging for the whole process.
pub fn start(settings: &Settings) -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .parse(&settings.log)
        .map_err(|error| Failure::new(format!("SWITCHBOARD_LOG: {error}; write it like info or bot=debug")))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match settings.log_format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
