//! What is to change of a policy, as clients write it.

use async_graphql::{ID, InputObject, MaybeUndefined};
use chrono::TimeDelta;
use domain::SlaCalendarId;
use domain::sla::{ByPriority, ByType, PolicyChange, TargetsChange};

use super::policy::SlaTimeoutAction;
use crate::schema::id::{self, InvalidId};

/// How many seconds of working time there are for each promise, from 0, which means at once, to 7,776,000 (90 days).
#[derive(InputObject, Clone, Copy, Default)]
pub(crate) struct SlaTargetsInput {
    /// Until the first answer. Null or left out: it stays as it is.
    first_response_seconds: Option<i64>,
    /// Until each further answer. Null or left out: it stays as it is.
    next_response_seconds: Option<i64>,
    /// Until the matter is resolved. Null or left out: it stays as it is.
    resolution_seconds: Option<i64>,
}

impl From<SlaTargetsInput> for TargetsChange {
    fn from(input: SlaTargetsInput) -> Self {
        // What is no time is too long as well, and refused as such.
        let time = |seconds: i64| TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX);
        Self {
            first_response: input.first_response_seconds.map(time),
            next_response: input.next_response_seconds.map(time),
            resolution: input.resolution_seconds.map(time),
        }
    }
}

/// The times for each type.
#[derive(InputObject, Default)]
pub(crate) struct SlaTypeTargetsInput {
    /// For what the first line answers. Null or left out: they stay as they are.
    standard: Option<SlaTargetsInput>,
    /// For what was escalated. Null or left out: they stay as they are.
    escalated: Option<SlaTargetsInput>,
    /// For complaints. Null or left out: they stay as they are.
    complaint: Option<SlaTargetsInput>,
}

/// The times for one priority, and what is done when they run out.
#[derive(InputObject, Clone, Copy, Default)]
pub(crate) struct SlaPriorityLevelInput {
    /// The times. Null or left out: they stay as they are.
    targets: Option<SlaTargetsInput>,
    /// What is done when the time has run out. Null or left out: it stays as it is.
    on_timeout: Option<SlaTimeoutAction>,
}

/// The times for each priority.
#[derive(InputObject, Default)]
pub(crate) struct SlaPriorityLevelsInput {
    /// Before everything else. Null or left out: it stays as it is.
    urgent: Option<SlaPriorityLevelInput>,
    /// Before the usual. Null or left out: it stays as it is.
    high: Option<SlaPriorityLevelInput>,
    /// The usual. Null or left out: it stays as it is.
    medium: Option<SlaPriorityLevelInput>,
    /// Can wait. Null or left out: it stays as it is.
    low: Option<SlaPriorityLevelInput>,
}

/// What is to change of a policy.
#[derive(InputObject)]
pub(crate) struct SlaPolicyInput {
    /// The times for each type. Null or left out: they stay as they are.
    types: Option<SlaTypeTargetsInput>,
    /// The times for each priority, and what is done when they run out. Null or left out: they stay as they are.
    priorities: Option<SlaPriorityLevelsInput>,
    /// After how many hundredths of its time a promise is warned about, from 1 to 100; with 100 nobody is warned. Null
    /// or left out: it stays as it is.
    warning_percent: Option<i32>,
    /// Whether the time until the resolution stands still while the customer is waited for. Null or left out: it stays as
    /// it is.
    pause_while_waiting: Option<bool>,
    /// The global id of the calendar by which it goes. Null: all time is working time. Left out: it stays as it is.
    calendar_id: MaybeUndefined<ID>,
}

impl SlaPolicyInput {
    /// The change with the id read.
    pub(super) fn change(self) -> Result<PolicyChange, InvalidId> {
        let types = self.types.unwrap_or_default();
        let priorities = self.priorities.unwrap_or_default();
        let levels = [priorities.urgent, priorities.high, priorities.medium, priorities.low];
        let [urgent, high, medium, low] = levels.map(Option::unwrap_or_default);
        let targets = |given: Option<SlaTargetsInput>| given.unwrap_or_default().into();
        let action = |level: SlaPriorityLevelInput| level.on_timeout.map(Into::into);
        Ok(PolicyChange {
            types: ByType {
                standard: targets(types.standard),
                escalated: targets(types.escalated),
                complaint: targets(types.complaint),
            },
            priorities: ByPriority {
                urgent: targets(urgent.targets),
                high: targets(high.targets),
                medium: targets(medium.targets),
                low: targets(low.targets),
            },
            actions: ByPriority {
                urgent: action(urgent),
                high: action(high),
                medium: action(medium),
                low: action(low),
            },
            // What is no share is refused as none.
            warning_percent: self.warning_percent.map(|percent| u8::try_from(percent).unwrap_or_default()),
            pauses: self.pause_while_waiting,
            calendar_id: match self.calendar_id {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(id) => Some(Some(id::parse::<SlaCalendarId>(&id)?)),
            },
        })
    }
}
