//! What the store takes in and gives out about updates from Telegram.

use domain::{ChatId, ProjectId, UpdateRowId};

/// An update as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpdate {
    /// The project of the bot that got it.
    pub project_id: ProjectId,
    /// Which series of numbers its number belongs to.
    pub epoch: i64,
    /// Its number within the series.
    pub update_id: i64,
    /// The chat whose order it keeps.
    pub chat_id: ChatId,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The whole update as it came, as JSON.
    pub raw: String,
}

/// An update that waits to be worked off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUpdate {
    /// The identifier of the row.
    pub id: UpdateRowId,
    /// The project.
    pub project_id: ProjectId,
    /// The chat whose order it keeps.
    pub chat_id: ChatId,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The whole update as it came, as JSON.
    pub raw: String,
    /// How often working it off has failed.
    pub attempts: i32,
}

/// How far the updates of a bot have been taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntakePosition {
    /// Which series of numbers the bot is in.
    pub epoch: i64,
    /// The number to ask for next.
    pub next_update_id: i64,
}
