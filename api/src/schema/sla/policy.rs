//! The type `SlaPolicy`.

use async_graphql::{Enum, Object, SimpleObject};
use domain::sla::{ByPriority, ByType, PolicyVersion, Targets, TimeoutActionName};

use super::SlaCalendar;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::view::View;

/// What is done when the time for a promise has run out, beside telling those who have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::sla::TimeoutAction")]
pub(crate) enum SlaTimeoutAction {
    /// The administrators of the project are told.
    NotifyAdministrators,
    /// The team's supervisors are told, or those of the project if the team has none.
    NotifyTeamLeaders,
    /// The groups of the teams of the second line are told.
    RemindSecondLine,
    /// Nobody else is told.
    Nothing,
}

/// How many seconds of working time there are for each promise. None at all means at once.
#[derive(SimpleObject)]
pub(crate) struct SlaTargets {
    /// Until the first answer.
    first_response_seconds: i64,
    /// Until each further answer.
    next_response_seconds: i64,
    /// Until the matter is resolved.
    resolution_seconds: i64,
}

impl From<Targets> for SlaTargets {
    fn from(targets: Targets) -> Self {
        Self {
            first_response_seconds: targets.first_response.num_seconds(),
            next_response_seconds: targets.next_response.num_seconds(),
            resolution_seconds: targets.resolution.num_seconds(),
        }
    }
}

/// The times for each type. Sessions go by them, and so do tickets where they are the stricter ones.
#[derive(SimpleObject)]
pub(crate) struct SlaTypeTargets {
    /// For what the first line answers.
    standard: SlaTargets,
    /// For what was escalated.
    escalated: SlaTargets,
    /// For complaints.
    complaint: SlaTargets,
}

impl From<ByType<Targets>> for SlaTypeTargets {
    fn from(types: ByType<Targets>) -> Self {
        Self { standard: types.standard.into(), escalated: types.escalated.into(), complaint: types.complaint.into() }
    }
}

/// The times for tickets of one priority, and what is done when they run out. The latter goes for sessions as well.
#[derive(SimpleObject)]
pub(crate) struct SlaPriorityLevel {
    /// The times.
    targets: SlaTargets,
    /// What is done when the time has run out.
    on_timeout: SlaTimeoutAction,
}

/// The times for each priority.
#[derive(SimpleObject)]
pub(crate) struct SlaPriorityLevels {
    /// Before everything else.
    urgent: SlaPriorityLevel,
    /// Before the usual.
    high: SlaPriorityLevel,
    /// The usual.
    medium: SlaPriorityLevel,
    /// Can wait.
    low: SlaPriorityLevel,
}

impl SlaPriorityLevels {
    fn of(targets: ByPriority<Targets>, actions: ByPriority<TimeoutActionName>) -> Self {
        let level = |targets: Targets, action: TimeoutActionName| SlaPriorityLevel {
            targets: targets.into(),
            on_timeout: action.0.into(),
        };
        Self {
            urgent: level(targets.urgent, actions.urgent),
            high: level(targets.high, actions.high),
            medium: level(targets.medium, actions.medium),
            low: level(targets.low, actions.low),
        }
    }
}

pub(crate) struct SlaPolicy {
    row: PolicyVersion,
    view: View,
}

impl SlaPolicy {
    pub(super) fn new(row: PolicyVersion, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// What a project promises, as it is from one change to the next.
#[Object]
impl SlaPolicy {
    /// Counted from 1, which is what a project has until somebody changes it. Send that of the first one of
    /// `slaPolicies` as `expectedVersion` to change only what you have seen.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// The times for each type.
    fn types(&self) -> SlaTypeTargets {
        self.row.policy.types.into()
    }

    /// The times for each priority, with what is done when they run out.
    fn priorities(&self) -> SlaPriorityLevels {
        SlaPriorityLevels::of(self.row.policy.priorities, self.row.policy.actions)
    }

    /// After how many hundredths of its time a promise is warned about. With 100 nobody is warned.
    fn warning_percent(&self) -> i32 {
        i32::from(self.row.policy.warning_percent)
    }

    /// Whether the time until the resolution stands still while the customer is waited for.
    fn pause_while_waiting(&self) -> bool {
        self.row.policy.pauses
    }

    /// The calendar by which it goes. Null if all time is working time, or if the calendar was removed since.
    async fn calendar(&self) -> Result<Option<SlaCalendar>> {
        let Some(id) = self.row.policy.calendar_id else { return Ok(None) };
        Ok(self.view.loaders().sla_calendars().load(id).await?.map(SlaCalendar::new))
    }

    /// Who changed it to this. Null for what a project begins with.
    async fn changed_by(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.changed_by else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// When it was changed to this, on the project's clock. Null for what a project begins with.
    fn changed_at(&self) -> Option<DateTime> {
        self.row.changed_at.map(DateTime::from)
    }
}
