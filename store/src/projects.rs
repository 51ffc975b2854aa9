//! What the store takes in and gives out about projects, beside the entity of the domain.

use domain::{ProjectId, Time, WorkspaceId};

/// A project to be added.
#[derive(Debug, Clone)]
pub struct NewProject {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The name, checked.
    pub name: String,
    /// Whether its customers are simulated.
    pub sandbox: bool,
    /// The bot as Telegram numbers it; empty for a sandbox.
    pub bot_id: Option<i64>,
    /// The present time.
    pub created_at: Time,
}

/// A bot that has to be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotRecord {
    /// The project it is the bot of.
    pub project_id: ProjectId,
    /// Whether it is simulated.
    pub sandbox: bool,
    /// The sealed token; empty for a sandbox.
    pub token_sealed: Option<String>,
    /// Whether its project is archived, and Telegram still delivers to it.
    pub archived: bool,
}

/// What there is to note of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotNote {
    /// How its updates come in.
    pub mode: domain::BotMode,
    /// Where Telegram delivers them, without the secret part.
    pub webhook_url: Option<String>,
    /// How many updates wait at Telegram, if it was asked.
    pub pending_updates: Option<i64>,
    /// What went wrong and when, if something did.
    pub error: Option<(String, Time)>,
    /// Whether Telegram does not accept the token.
    pub revoked: bool,
}
