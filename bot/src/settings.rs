//! What the front door is opened with.

use std::time::Duration;

use crate::sender::Pace;
use crate::telegram::TELEGRAM_API_URL;

/// What the front door is opened with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The Bot API server, without the part that begins with `/bot`. Default: Telegram's own.
    pub telegram_api_url: String,
    /// Where Telegram reaches this desk. With it updates come through webhooks below it, without
    /// it they are polled for.
    pub public_url: Option<String>,
    /// How long Telegram holds a poll open while there is nothing to hand out, from 1 s to
    /// Telegram's longest of 50 s, which is the default.
    pub poll_timeout_seconds: u16,
    /// How long one request that sends something may take. What takes longer has an unknown fate,
    /// so this is generous. Default: 60 s.
    pub request_timeout: Duration,
    /// How long after the last sign of life of a process another one takes its bots over.
    /// Default: 15 s.
    pub lease_ttl: Duration,
    /// How long a stop waits for requests that are under way. Default: 10 s.
    pub drain_timeout: Duration,
    /// How many tasks work off the stored updates. Default: 2, so that on PostgreSQL one can
    /// work while the other waits for the server.
    pub intake_workers: usize,
    /// How fast messages go out.
    pub pace: Pace,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            telegram_api_url: TELEGRAM_API_URL.to_owned(),
            public_url: None,
            poll_timeout_seconds: 50,
            request_timeout: Duration::from_secs(60),
            lease_ttl: Duration::from_secs(15),
            drain_timeout: Duration::from_secs(10),
            intake_workers: 2,
            pace: Pace::default(),
        }
    }
}
