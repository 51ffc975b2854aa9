//! What the store takes in and gives out about updates from Telegram.

use domain::{ChatId, ProjectId, TelegramUserId, Time, UpdateRowId};

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
    /// Whose update it is, where one person is behind it.
    pub user_id: Option<TelegramUserId>,
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

/// An update that was set aside because it could not be worked off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedUpdate {
    /// The identifier of the row.
    pub id: UpdateRowId,
    /// The project.
    pub project_id: ProjectId,
    /// The chat.
    pub chat_id: ChatId,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// How often working it off has failed.
    pub attempts: i32,
    /// Why it failed last.
    pub error: String,
    /// When it arrived.
    pub received_at: Time,
}
