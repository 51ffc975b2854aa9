//! How a bot is doing.

use crate::{Time, named_enum};

named_enum! {
    /// How the updates of a bot come in.
    pub enum BotMode {
        /// The desk asks Telegram for them.
        Polling = "POLLING",
        /// Telegram delivers them.
        Webhook = "WEBHOOK",
        /// There is no Telegram: the customers are simulated.
        Sandbox = "SANDBOX",
        /// They do not come in: nobody serves the bot.
        None = "NONE",
    }
}

/// What the process that serves a bot knew of it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotStatus {
    /// How its updates come in.
    pub mode: BotMode,
    /// Where Telegram delivers them, without the secret part.
    pub webhook_url: Option<String>,
    /// How many updates wait at Telegram.
    pub pending_updates: Option<i64>,
    /// What went wrong last, in words. It stays when things go well again.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Time>,
    /// Whether Telegram does not accept the token.
    pub revoked: bool,
    /// Until when Telegram wants to hear nothing of the bot.
    pub frozen_until: Option<Time>,
    /// When this was last looked at; empty if it never was.
    pub checked_at: Option<Time>,
}
