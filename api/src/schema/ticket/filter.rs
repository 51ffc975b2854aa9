//! Which tickets a list shows.

use async_graphql::{ID, InputObject};
use domain::ticket::TicketFilter as Condition;

use super::{TicketStatus, TicketType};
use crate::schema::comparator::{Comparator, DateTimeComparator, OptionalIdComparator};
use crate::schema::error::Result;
use crate::schema::session::SessionPriority;

/// Which tickets to show: those for which everything holds that is given here. What is left out or null is no condition. A
/// filter is at most 5 levels deep and has at most 50 conditions.
#[derive(InputObject)]
pub(crate) struct TicketFilter {
    /// All of these hold. An empty list lets everything through.
    and: Option<Vec<TicketFilter>>,
    /// At least one of these holds. An empty list lets nothing through.
    or: Option<Vec<TicketFilter>>,
    /// This does not hold.
    not: Option<Box<TicketFilter>>,
    /// Where the ticket stands.
    status: Option<Comparator<TicketStatus>>,
    /// How pressing it is.
    priority: Option<Comparator<SessionPriority>>,
    /// What kind of work it is.
    #[graphql(name = "type")]
    kind: Option<Comparator<TicketType>>,
    /// The line of support that works on it.
    line: Option<Comparator<i64>>,
    /// The team that owns it.
    team_id: Option<OptionalIdComparator>,
    /// The agent who works on it.
    assignee_id: Option<OptionalIdComparator>,
    /// One of the agents who watch it.
    watcher_id: Option<Comparator<ID>>,
    /// The session that it came of.
    session_id: Option<Comparator<ID>>,
    /// The customer.
    customer_id: Option<Comparator<ID>>,
    /// The number within the project.
    number: Option<Comparator<i64>>,
    /// When it was opened.
    created_at: Option<DateTimeComparator>,
    /// When it last changed.
    updated_at: Option<DateTimeComparator>,
    /// When it was last escalated. One that never was meets no such condition.
    escalated_at: Option<DateTimeComparator>,
    /// When it was resolved. One that is not meets no such condition.
    resolved_at: Option<DateTimeComparator>,
}

impl TicketFilter {
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
        if let Some(kind) = self.kind {
            all.extend(kind.lists().map(|list| Condition::Kind(list.into_iter().map(Into::into).collect())));
        }
        if let Some(line) = self.line {
            all.extend(line.lists().map(Condition::Line));
        }
        if let Some(team) = self.team_id {
            all.extend(team.is_null.map(|is_null| Condition::HasTeam(!is_null)));
            all.extend(team.id_lists()?.into_iter().map(Condition::Team));
        }
        if let Some(assignee) = self.assignee_id {
            all.extend(assignee.is_null.map(|is_null| Condition::Assigned(!is_null)));
            all.extend(assignee.id_lists()?.into_iter().map(Condition::Assignee));
        }
        if let Some(watcher) = self.watcher_id {
            all.extend(watcher.id_lists()?.into_iter().map(Condition::Watcher));
        }
        if let Some(session) = self.session_id {
            all.extend(session.id_lists()?.into_iter().map(Condition::Session));
        }
        if let Some(customer) = self.customer_id {
            all.extend(customer.id_lists()?.into_iter().map(Condition::Customer));
        }
        if let Some(number) = self.number {
            all.extend(number.lists().map(Condition::Number));
        }
        if let Some(at) = self.created_at {
            all.extend(at.conditions(Condition::CreatedSince, Condition::CreatedBefore));
        }
        if let Some(at) = self.updated_at {
            all.extend(at.conditions(Condition::UpdatedSince, Condition::UpdatedBefore));
        }
        if let Some(at) = self.escalated_at {
            all.extend(at.conditions(Condition::EscalatedSince, Condition::EscalatedBefore));
        }
        if let Some(at) = self.resolved_at {
            all.extend(at.conditions(Condition::ResolvedSince, Condition::ResolvedBefore));
        }
        // A condition alone is not counted as a level of its own.
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::All(all) })
    }
}

fn conditions(filters: Vec<TicketFilter>) -> Result<Vec<Condition>> {
    filters.into_iter().map(TicketFilter::condition).collect()
}
