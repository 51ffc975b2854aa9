//! What is to change of a policy.

use chrono::Duration;

use super::policy::{ByPriority, ByType, Policy, TimeoutAction, TimeoutActionName};
use super::targets::Targets;
use crate::SlaCalendarId;

/// What is to change of the times for one type or priority; nothing of what is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TargetsChange {
    /// Until the first answer.
    pub first_response: Option<Duration>,
    /// Until each further answer.
    pub next_response: Option<Duration>,
    /// Until the matter is resolved.
    pub resolution: Option<Duration>,
}

impl TargetsChange {
    fn of(self, before: Targets) -> Targets {
        Targets {
            first_response: self.first_response.unwrap_or(before.first_response),
            next_response: self.next_response.unwrap_or(before.next_response),
            resolution: self.resolution.unwrap_or(before.resolution),
        }
    }
}

/// What is to change of a policy; nothing of what is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicyChange {
    /// The times for each type.
    pub types: ByType<TargetsChange>,
    /// The times for each priority.
    pub priorities: ByPriority<TargetsChange>,
    /// What is done when the time has run out.
    pub actions: ByPriority<Option<TimeoutAction>>,
    /// After how many hundredths of its time a promise is warned about.
    pub warning_percent: Option<u8>,
    /// Whether the time stands still while the customer is waited for.
    pub pauses: Option<bool>,
    /// When the desk works; within, nothing for always.
    pub calendar_id: Option<Option<SlaCalendarId>>,
}

impl Policy {
    /// The policy with this changed.
    pub fn changed(&self, change: &PolicyChange) -> Self {
        let action = |change: Option<TimeoutAction>, before| change.map_or(before, TimeoutActionName);
        let (types, priorities, actions) = (change.types, change.priorities, change.actions);
        Self {
            types: ByType {
                standard: types.standard.of(self.types.standard),
                escalated: types.escalated.of(self.types.escalated),
                complaint: types.complaint.of(self.types.complaint),
            },
            priorities: ByPriority {
                urgent: priorities.urgent.of(self.priorities.urgent),
                high: priorities.high.of(self.priorities.high),
                medium: priorities.medium.of(self.priorities.medium),
                low: priorities.low.of(self.priorities.low),
            },
            actions: ByPriority {
                urgent: action(actions.urgent, self.actions.urgent),
                high: action(actions.high, self.actions.high),
                medium: action(actions.medium, self.actions.medium),
                low: action(actions.low, self.actions.low),
            },
            warning_percent: change.warning_percent.unwrap_or(self.warning_percent),
            pauses: change.pauses.unwrap_or(self.pauses),
            calendar_id: change.calendar_id.unwrap_or(self.calendar_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_stays() {
        let policy = Policy::default();
        assert_eq!(policy.changed(&PolicyChange::default()), policy);
        let mut change = PolicyChange { calendar_id: Some(Some(SlaCalendarId(7))), ..PolicyChange::default() };
        change.types.complaint.first_response = Some(Duration::minutes(1));
        change.actions.low = Some(TimeoutAction::NotifyTeamLeaders);
        let changed = policy.changed(&change);
        assert_eq!(changed.types.complaint.first_response, Duration::minutes(1));
        assert_eq!(changed.types.complaint.resolution, policy.types.complaint.resolution);
        assert_eq!((changed.types.standard, changed.priorities), (policy.types.standard, policy.priorities));
        assert_eq!(changed.actions.low.0, TimeoutAction::NotifyTeamLeaders);
        assert_eq!(changed.calendar_id, Some(SlaCalendarId(7)));
        let cleared = changed.changed(&PolicyChange { calendar_id: Some(None), ..PolicyChange::default() });
        assert_eq!(cleared.calendar_id, None);
    }
}
