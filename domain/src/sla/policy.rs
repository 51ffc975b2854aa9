//! What a project promises.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::targets::{Metric, Targets};
use crate::ticket::TicketKind;
use crate::{AgentId, Priority, ProjectId, SlaCalendarId, SlaHoursId, Time, named_enum};

named_enum! {
    /// What is done when the time for a promise has run out.
    pub enum TimeoutAction {
        /// The administrators of the project are told.
        NotifyAdministrators = "NOTIFY_ADMINISTRATORS",
        /// The team's supervisors are told, or those of the project if the team has none.
        NotifyTeamLeaders = "NOTIFY_TEAM_LEADERS",
        /// The teams of the second line are told.
        RemindSecondLine = "REMIND_SECOND_LINE",
        /// Nobody is told but those who have it.
        Nothing = "NOTHING",
    }
}

/// Something for each type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ByType<T> {
    /// For what the first line answers.
    pub standard: T,
    /// For what was escalated.
    pub escalated: T,
    /// For complaints.
    pub complaint: T,
}

impl<T: Copy> ByType<T> {
    /// What there is for a type.
    pub const fn of(&self, kind: TicketKind) -> T {
        match kind {
            TicketKind::Standard => self.standard,
            TicketKind::Escalated => self.escalated,
            TicketKind::Complaint => self.complaint,
        }
    }
}

/// Something for each priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ByPriority<T> {
    /// Before everything else.
    pub urgent: T,
    /// Before the usual.
    pub high: T,
    /// The usual.
    pub medium: T,
    /// Can wait.
    pub low: T,
}

impl<T: Copy> ByPriority<T> {
    /// What there is for a priority.
    pub const fn of(&self, priority: Priority) -> T {
        match priority {
            Priority::Urgent => self.urgent,
            Priority::High => self.high,
            Priority::Medium => self.medium,
            Priority::Low => self.low,
        }
    }
}

/// What a project promises, and what follows if it does not keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The times for each type.
    pub types: ByType<Targets>,
    /// The times for tickets of each priority, of which the stricter counts beside those of the type.
    pub priorities: ByPriority<Targets>,
    /// What is done when the time has run out.
    pub actions: ByPriority<TimeoutActionName>,
    /// After how many hundredths of its time a promise is warned about, from 1 to 100; with 100 nobody is warned.
    pub warning_percent: u8,
    /// Whether the time until the resolution stands still while the customer is waited for.
    pub pauses: bool,
    /// When the desk works; empty for always.
    pub calendar_id: Option<SlaCalendarId>,
}

/// An action under its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeoutActionName(#[serde(with = "crate::wire_name::name")] pub TimeoutAction);

impl Default for Policy {
    fn default() -> Self {
        Self {
            types: ByType {
                standard: Targets::of_minutes(5, 30),
                escalated: Targets::of_minutes(15, 60),
                complaint: Targets::of_minutes(0, 2 * 60),
            },
            priorities: ByPriority {
                urgent: Targets::of_minutes(15, 2 * 60),
                high: Targets::of_minutes(30, 4 * 60),
                medium: Targets::of_minutes(2 * 60, 24 * 60),
                low: Targets::of_minutes(4 * 60, 48 * 60),
            },
            actions: ByPriority {
                urgent: TimeoutActionName(TimeoutAction::NotifyAdministrators),
                high: TimeoutActionName(TimeoutAction::NotifyTeamLeaders),
                medium: TimeoutActionName(TimeoutAction::RemindSecondLine),
                low: TimeoutActionName(TimeoutAction::Nothing),
            },
            warning_percent: 80,
            pauses: true,
            calendar_id: None,
        }
    }
}

/// Why a policy cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefusal {
    /// A time is negative or too long.
    #[error("a time is not between 0 and 7,776,000 seconds: promise 90 days of working time at most")]
    Target,
    /// The warning is at no share of the time.
    #[error("the warning is not between 1 and 100 percent of the time")]
    WarningPercent,
}

/// What a promise is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A session, whose times are those of its type.
    Session {
        /// The type.
        kind: TicketKind,
    },
    /// A ticket, for which the stricter of both times counts.
    Ticket {
        /// The type.
        kind: TicketKind,
        /// The priority.
        priority: Priority,
    },
}

impl Subject {
    /// The type.
    pub const fn kind(self) -> TicketKind {
        let (Self::Session { kind } | Self::Ticket { kind, .. }) = self;
        kind
    }

    /// The priority that counts for the times; empty for none.
    pub const fn priority(self) -> Option<Priority> {
        match self {
            Self::Session { .. } => None,
            Self::Ticket { priority, .. } => Some(priority),
        }
    }
}

/// What is promised in one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredTerms", into = "StoredTerms")]
pub struct Terms {
    /// How much working time there is.
    pub target: Duration,
    /// After how many hundredths of it there is a warning.
    pub warning_percent: u8,
    /// Whether the time stands still while the customer is waited for.
    pub pauses: bool,
    /// When the desk works; empty for always.
    pub hours_id: Option<SlaHoursId>,
}

impl Terms {
    /// The working time after which there is a warning.
    pub(super) fn warned_after(&self) -> Duration {
        let micros = self.target.num_microseconds().unwrap_or(i64::MAX);
        Duration::microseconds(micros / 100 * i64::from(self.warning_percent))
    }
}

impl Policy {
    /// Fails unless the desk can go by the policy.
    pub fn check(&self) -> Result<(), PolicyRefusal> {
        let ByType { standard, escalated, complaint } = self.types;
        let ByPriority { urgent, high, medium, low } = self.priorities;
        if ![standard, escalated, complaint, urgent, high, medium, low].into_iter().all(Targets::are_possible) {
            return Err(PolicyRefusal::Target);
        }
        if !(1..=100).contains(&self.warning_percent) {
            return Err(PolicyRefusal::WarningPercent);
        }
        Ok(())
    }

    /// How much working time there is for a promise.
    pub fn target(&self, metric: Metric, subject: Subject) -> Duration {
        match subject {
            Subject::Session { kind } => self.types.of(kind).of(metric),
            Subject::Ticket { kind, priority } => {
                self.types.of(kind).of(metric).min(self.priorities.of(priority).of(metric))
            }
        }
    }

    /// What is done when the time for something of this priority has run out.
    pub fn action(&self, priority: Priority) -> TimeoutAction {
        self.actions.of(priority).0
    }

    /// What is promised in one case, by the hours that the policy's calendar has now.
    pub fn terms(&self, metric: Metric, subject: Subject, hours_id: Option<SlaHoursId>) -> Terms {
        Terms {
            target: self.target(metric, subject),
            warning_percent: self.warning_percent,
            pauses: self.pauses,
            hours_id,
        }
    }
}

/// A policy as it was from one change to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// The project.
    pub project_id: ProjectId,
    /// Counted from 1, which is what a project has until somebody changes it.
    pub version: i64,
    /// What is promised.
    pub policy: Policy,
    /// What the policy's calendar said; empty without one.
    pub hours_id: Option<SlaHoursId>,
    /// Who changed it; empty for what a project begins with.
    pub changed_by: Option<AgentId>,
    /// When it was changed, on the project's clock; empty for what a project begins with.
    pub changed_at: Option<Time>,
}

impl PolicyVersion {
    /// What a project has until somebody changes it.
    pub fn initial(project_id: ProjectId) -> Self {
        Self { project_id, version: 1, policy: Policy::default(), hours_id: None, changed_by: None, changed_at: None }
    }

    /// What is promised in one case.
    pub fn terms(&self, metric: Metric, subject: Subject) -> Terms {
        self.policy.terms(metric, subject, self.hours_id)
    }
}

/// The terms as they are stored: one for each clock, so that the names are short.
#[derive(Serialize, Deserialize)]
struct StoredTerms {
    micros: i64,
    warn: u8,
    pauses: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hours: Option<SlaHoursId>,
}

impl From<Terms> for StoredTerms {
    fn from(terms: Terms) -> Self {
        Self {
            micros: terms.target.num_microseconds().unwrap_or(i64::MAX),
            warn: terms.warning_percent,
            pauses: terms.pauses,
            hours: terms.hours_id,
        }
    }
}

impl From<StoredTerms> for Terms {
    fn from(stored: StoredTerms) -> Self {
        Self {
            target: Duration::microseconds(stored.micros),
            warning_percent: stored.warn,
            pauses: stored.pauses,
            hours_id: stored.hours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;

    #[test]
    fn the_tables_of_the_guide_are_the_default() {
        use TimeoutAction::{Nothing, NotifyAdministrators, NotifyTeamLeaders, RemindSecondLine};
        let policy = Policy::default();
        for (kind, response, resolution) in [
            (TicketKind::Standard, 5 * MINUTE, 30 * MINUTE),
            (TicketKind::Escalated, 15 * MINUTE, 60 * MINUTE),
            (TicketKind::Complaint, 0, 2 * HOUR),
        ] {
            let subject = Subject::Session { kind };
            let seconds = |metric| policy.target(metric, subject).num_seconds();
            assert_eq!(seconds(Metric::FirstResponse), response, "{kind}");
            assert_eq!(seconds(Metric::NextResponse), response, "{kind}");
            assert_eq!(seconds(Metric::Resolution), resolution, "{kind}");
        }
        for (priority, response, resolution, action) in [
            (Priority::Urgent, 15 * MINUTE, 2 * HOUR, NotifyAdministrators),
            (Priority::High, 30 * MINUTE, 4 * HOUR, NotifyTeamLeaders),
            (Priority::Medium, 2 * HOUR, 24 * HOUR, RemindSecondLine),
            (Priority::Low, 4 * HOUR, 48 * HOUR, Nothing),
        ] {
            let of_priority = policy.priorities.of(priority);
            assert_eq!(of_priority.first_response.num_seconds(), response, "{priority}");
            assert_eq!(of_priority.resolution.num_seconds(), resolution, "{priority}");
            assert_eq!(policy.action(priority), action);
        }
        assert_eq!(policy.check(), Ok(()));
    }

    #[test]
    fn of_a_ticket_the_stricter_time_counts() {
        let policy = Policy::default();
        let minutes = |metric, kind, priority| policy.target(metric, Subject::Ticket { kind, priority }).num_minutes();
        assert_eq!(minutes(Metric::FirstResponse, TicketKind::Escalated, Priority::Low), 15);
        assert_eq!(minutes(Metric::FirstResponse, TicketKind::Complaint, Priority::Urgent), 0);
        let mut lenient = policy.clone();
        lenient.types.standard.resolution = Duration::days(3);
        let subject = Subject::Ticket { kind: TicketKind::Standard, priority: Priority::High };
        assert_eq!(lenient.target(Metric::Resolution, subject), Duration::hours(4));
    }

    #[test]
    fn what_cannot_be_kept_is_not_promised() {
        let mut policy = Policy::default();
        policy.types.complaint.first_response = Duration::seconds(-1);
        assert_eq!(policy.check(), Err(PolicyRefusal::Target));
        let mut policy = Policy::default();
        policy.priorities.low.resolution = super::super::LONGEST_TARGET + Duration::seconds(1);
        assert_eq!(policy.check(), Err(PolicyRefusal::Target));
        for (percent, outcome) in [(0, Err(PolicyRefusal::WarningPercent)), (1, Ok(())), (100, Ok(()))] {
            assert_eq!(Policy { warning_percent: percent, ..Policy::default() }.check(), outcome);
        }
    }
}
