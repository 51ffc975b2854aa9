//! What the store takes in and gives out about updates from Telegram.

use domain::{ChatId, ProjectId, TelegramUserId, Time, UpdateRowId, named_enum};

named_enum! {
    /// Where an update stands.
    pub enum UpdateState {
        /// It waits to be worked off.
        Pending = "PENDING",
        /// It was worked off.
        Done = "DONE",
        /// It could not be worked off.
        Failed = "POISON",
        /// It was put by for people to decide.
        Shelved = "SHELVED",
    }
}

named_enum! {
    /// Why an update was put by.
    pub enum Shelf {
        /// The customer is banned.
        Banned = "BANNED",
        /// The customer wrote too much at once.
        Flood = "FLOOD",
    }
}

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
    /// Whether somebody lets it in although it was put by before.
    pub let_in: bool,
}

/// An update as people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptUpdate {
    /// The identifier of the row.
    pub id: UpdateRowId,
    /// The project.
    pub project_id: ProjectId,
    /// Its place among the updates of the project.
    pub place: Place,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The whole update as it came, as JSON.
    pub raw: String,
    /// Where it stands.
    pub state: UpdateState,
    /// Why it was put by, also when it was let in later.
    pub shelf: Option<Shelf>,
    /// Why working it off failed last.
    pub error: Option<String>,
    /// How often that was.
    pub attempts: i32,
    /// When it arrived.
    pub received_at: Time,
}

/// An update's place among those of its project: Telegram's numbers, series by series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The series of numbers.
    pub epoch: i64,
    /// The number in it.
    pub update_id: i64,
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
