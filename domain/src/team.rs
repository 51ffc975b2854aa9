//! Teams: agents who share a support line.

use crate::{ChatId, ProjectId, TeamId, Time};

/// The lines of support: standard questions, hard cases, and what only administrators can do.
pub const LINES: std::ops::RangeInclusive<i32> = 1..=3;
/// The line of hard cases.
pub const SECOND_LINE: i32 = 2;

/// A team of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The identifier.
    pub id: TeamId,
    /// The project.
    pub project_id: ProjectId,
    /// The name, which no other team of the project has.
    pub name: String,
    /// The line of support, one of [`LINES`].
    pub line: i32,
    /// Grows with each change of what people can change here.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
}

/// A Telegram group that gets the notices of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamGroup {
    /// The project whose bot is in it.
    pub project_id: ProjectId,
    /// The team.
    pub team_id: TeamId,
    /// The group.
    pub chat_id: ChatId,
    /// Its title when it was linked.
    pub title: String,
    /// When it was linked.
    pub linked_at: Time,
}
