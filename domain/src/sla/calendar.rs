//! Calendars of a project, by which its promises go.

use super::Hours;
use crate::{ProjectId, SlaCalendarId, SlaHoursId, Time};

/// The most calendars of a project.
pub const MOST_CALENDARS: usize = 50;

/// When the desk works, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The identifier.
    pub id: SlaCalendarId,
    /// The project.
    pub project_id: ProjectId,
    /// The name, which no other calendar of the project has.
    pub name: String,
    /// When the desk works.
    pub hours: Hours,
    /// Under which these hours are kept, whatever becomes of the calendar.
    pub hours_id: SlaHoursId,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
}

/// What is to change of a calendar; nothing of what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarChange {
    /// What it is called.
    pub name: Option<String>,
    /// When the desk works.
    pub hours: Option<Hours>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}
