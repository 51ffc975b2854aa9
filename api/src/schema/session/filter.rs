//! Which sessions a list shows.

use async_graphql::{ID, InputObject};
use domain::filter::SessionFilter as Condition;

use super::{SessionAwaited, SessionPriority, SessionStatus};
use crate::schema::comparator::{Comparator, DateTimeComparator, OptionalIdComparator};
use crate::schema::error::Result;

/// Which sessions to show: those for which everything holds that is given here. What is left out or null is no
/// condition. A filter is at most 5 levels deep and has at most 50 conditions.
#[derive(InputObject)]
pub(crate) struct SessionFilter {
    /// All of these hold. An empty list lets everything through.
    and: Option<Vec<SessionFilter>>,
    /// At least one of these holds. An empty list lets nothing through.
    or: Option<Vec<SessionFilter>>,
    /// This does not hold.
    not: Option<Box<SessionFilter>>,
    /// Where the session stands.
    status: Option<Comparator<SessionStatus>>,
    /// How pressing it is.
    priority: Option<Comparator<SessionPriority>>,
    /// The agent who answers.
    assignee_id: Option<OptionalIdComparator>,
    /// One of the agents who read along.
    participant_id: Option<Comparator<ID>>,
    /// The team that it is for.
    team_id: Option<OptionalIdComparator>,
    /// The diversion link by which the customer came last.
    diversion_link_id: Option<OptionalIdComparator>,
    /// One of its tags.
    tag_id: Option<Comparator<ID>>,
    /// What it waits for.
    awaited: Option<Comparator<SessionAwaited>>,
    /// Whether it waits in line for the desk to find an agent: `queuedAt` is not null.
    queued: Option<bool>,
    /// Whether it is resolved.
    resolved: Option<bool>,
    /// Whether the customer has written something that you have not seen: `unreadCount` is more than 0.
    unread: Option<bool>,
    /// The customer.
    customer_id: Option<Comparator<ID>>,
    /// The number within the project.
    number: Option<Comparator<i64>>,
    /// When the newest message was taken in.
    last_message_at: Option<DateTimeComparator>,
    /// When the session started.
    created_at: Option<DateTimeComparator>,
}

impl SessionFilter {
    /// The condition that the desk understands, with the ids read.
    pub(crate) fn condition(self) -> Result<Condition> {
        let mut all = Vec::new();
        if let Some(filters) = self.and {
            all.push(Condition::All(conditions(filters)?));
        }
        if let Some(filters) = self.or {
            all.push(Condition::Any(conditions(filters)?));
        }
        if let Some(filter) = self.not {
            all.push(Condition::Not(Box::new(filter.condition()?)));
        }
        if let Some(status) = self.status {
            all.extend(status.lists().map(|list| Condition::Status(list.into_iter().map(Into::into).collect())));
        }
        if let Some(priority) = self.priority {
            all.extend(priority.lists().map(|list| Condition::Priority(list.into_iter().map(Into::into).collect())));
        }
        if let Some(assignee) = self.assignee_id {
            all.extend(assignee.is_null.map(|is_null| Condition::Assigned(!is_null)));
            all.extend(assignee.id_lists()?.into_iter().map(Condition::Assignee));
        }
        if let Some(participant) = self.participant_id {
            all.extend(participant.id_lists()?.into_iter().map(Condition::Participant));
        }
        if let Some(team) = self.team_id {
            all.extend(team.is_null.map(|is_null| Condition::HasTeam(!is_null)));
            all.extend(team.id_lists()?.into_iter().map(Condition::Team));
        }
        if let Some(link) = self.diversion_link_id {
            all.extend(link.is_null.map(|is_null| Condition::HasLink(!is_null)));
            all.extend(link.id_lists()?.into_iter().map(Condition::Link));
        }
        if let Some(tag) = self.tag_id {
            all.extend(tag.id_lists()?.into_iter().map(Condition::Tag));
        }
        if let Some(awaited) = self.awaited {
            all.extend(awaited.lists().map(|list| Condition::Awaited(list.into_iter().map(Into::into).collect())));
        }
        all.extend(self.queued.map(Condition::Queued));
        all.extend(self.resolved.map(Condition::Resolved));
        all.extend(self.unread.map(Condition::Unread));
        if let Some(customer) = self.customer_id {
            all.extend(customer.id_lists()?.into_iter().map(Condition::Customer));
        }
        if let Some(number) = self.number {
            all.extend(number.lists().map(Condition::Number));
        }
        if let Some(at) = self.last_message_at {
            all.extend(at.conditions(Condition::LastMessageSince, Condition::LastMessageBefore));
        }
        if let Some(at) = self.created_at {
            all.extend(at.conditions(Condition::CreatedSince, Condition::CreatedBefore));
        }
        // A condition alone is not counted as a level of its own.
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::All(all) })
    }
}

fn conditions(filters: Vec<SessionFilter>) -> Result<Vec<Condition>> {
    filters.into_iter().map(SessionFilter::condition).collect()
}
