//! Which tickets a list shows, and in which order.

use super::{Ticket, TicketKind, TicketStatus};
use crate::filter::{FILTER_CONDITIONS, FILTER_DEPTH, FILTER_VALUES, FilterRefusal};
use crate::{AgentId, CustomerId, Priority, SessionId, Sight, TeamId, Time, named_enum};

/// A condition on tickets. The leaves are typed comparisons; the branches combine them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketFilter {
    /// Every one of these holds. Nothing to hold is always true.
    All(Vec<TicketFilter>),
    /// At least one of these holds. Nothing to hold is never true.
    Any(Vec<TicketFilter>),
    /// This does not hold.
    Not(Box<TicketFilter>),
    /// The status is one of these.
    Status(Vec<TicketStatus>),
    /// The priority is one of these.
    Priority(Vec<Priority>),
    /// The kind is one of these.
    Kind(Vec<TicketKind>),
    /// The line is one of these.
    Line(Vec<i64>),
    /// The team that owns it is one of these.
    Team(Vec<TeamId>),
    /// Whether a team owns it at all.
    HasTeam(bool),
    /// The agent who works on it is one of these.
    Assignee(Vec<AgentId>),
    /// Whether an agent works on it at all.
    Assigned(bool),
    /// One of these agents watches it.
    Watcher(Vec<AgentId>),
    /// The session is one of these.
    Session(Vec<SessionId>),
    /// The customer is one of these.
    Customer(Vec<CustomerId>),
    /// The number is one of these.
    Number(Vec<i64>),
    /// The ticket is within somebody's sight. No caller can ask for it; the desk adds it to every list.
    VisibleTo(Sight),
    /// It was opened at this time or later.
    CreatedSince(Time),
    /// It was opened before this time.
    CreatedBefore(Time),
    /// It last changed at this time or later.
    UpdatedSince(Time),
    /// It last changed before this time.
    UpdatedBefore(Time),
    /// It was last escalated at this time or later.
    EscalatedSince(Time),
    /// It was escalated, and for the last time before this time.
    EscalatedBefore(Time),
    /// It was resolved at this time or later.
    ResolvedSince(Time),
    /// It was resolved before this time.
    ResolvedBefore(Time),
}

/// Lets everything through.
impl Default for TicketFilter {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl TicketFilter {
    /// Checks that the filter stays within the bounds of filters.
    pub fn check(&self) -> Result<(), FilterRefusal> {
        let mut conditions = 0;
        self.check_within(1, &mut conditions)
    }

    fn check_within(&self, depth: usize, conditions: &mut usize) -> Result<(), FilterRefusal> {
        *conditions += 1;
        if depth > FILTER_DEPTH {
            return Err(FilterRefusal::TooDeep);
        }
        if *conditions > FILTER_CONDITIONS {
            return Err(FilterRefusal::TooManyConditions);
        }
        let values = match self {
            Self::All(inner) | Self::Any(inner) => {
                for filter in inner {
                    filter.check_within(depth + 1, conditions)?;
                }
                0
            }
            Self::Not(inner) => {
                inner.check_within(depth + 1, conditions)?;
                0
            }
            Self::Status(values) => values.len(),
            Self::Priority(values) => values.len(),
            Self::Kind(values) => values.len(),
            Self::Line(values) | Self::Number(values) => values.len(),
            Self::Team(values) => values.len(),
            Self::Assignee(values) | Self::Watcher(values) => values.len(),
            Self::Session(values) => values.len(),
            Self::Customer(values) => values.len(),
            Self::HasTeam(_)
            | Self::Assigned(_)
            | Self::VisibleTo(_)
            | Self::CreatedSince(_)
            | Self::CreatedBefore(_)
            | Self::UpdatedSince(_)
            | Self::UpdatedBefore(_)
            | Self::EscalatedSince(_)
            | Self::EscalatedBefore(_)
            | Self::ResolvedSince(_)
            | Self::ResolvedBefore(_) => 0,
        };
        if values > FILTER_VALUES { Err(FilterRefusal::TooManyValues) } else { Ok(()) }
    }
}

named_enum! {
    /// By what a list of tickets is ordered. What is equal is ordered by identifier.
    pub enum TicketOrderField {
        /// When the ticket was opened.
        CreatedAt = "CREATED_AT",
        /// When it last changed.
        UpdatedAt = "UPDATED_AT",
        /// How pressing it is; the least pressing ones are the lowest.
        Priority = "PRIORITY",
    }
}

/// The order of a list of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketOrder {
    /// What decides.
    pub field: TicketOrderField,
    /// The newest or the most pressing first.
    pub descending: bool,
}

/// The place of a ticket in an ordered list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketKey {
    /// The time that decides, in microseconds since 1970, or how pressing it is, counted from zero.
    pub micros: i64,
    /// The identifier, which decides between equals.
    pub id: i64,
}

impl TicketKey {
    /// The place of a ticket in an order.
    pub fn of(ticket: &Ticket, field: TicketOrderField) -> Self {
        let micros = match field {
            TicketOrderField::CreatedAt => ticket.created_at.timestamp_micros(),
            TicketOrderField::UpdatedAt => ticket.updated_at.timestamp_micros(),
            // As the index `tickets_by_priority` says it.
            TicketOrderField::Priority => match ticket.priority {
                Priority::Low => 0,
                Priority::Medium => 1,
                Priority::High => 2,
                Priority::Urgent => 3,
            },
        };
        Self { micros, id: ticket.id.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ticket;
    use super::*;

    #[test]
    fn what_is_more_pressing_has_a_higher_place() {
        let place = |priority| TicketKey::of(&Ticket { priority, ..ticket() }, TicketOrderField::Priority).micros;
        assert_eq!(Priority::ALL.iter().copied().map(place).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }

    #[test]
    fn depth_count_and_values_are_bounded() {
        let nest =
            |levels| (1..levels).fold(TicketFilter::Assigned(true), |inner, _| TicketFilter::Not(Box::new(inner)));
        assert_eq!(nest(FILTER_DEPTH).check(), Ok(()));
        assert_eq!(nest(FILTER_DEPTH + 1).check(), Err(FilterRefusal::TooDeep));
        let many = |count| TicketFilter::All(vec![TicketFilter::HasTeam(true); count]);
        assert_eq!(many(FILTER_CONDITIONS - 1).check(), Ok(()));
        assert_eq!(many(FILTER_CONDITIONS).check(), Err(FilterRefusal::TooManyConditions));
        let values = |count| TicketFilter::Any(vec![TicketFilter::Number(vec![1; count])]);
        assert_eq!(values(FILTER_VALUES).check(), Ok(()));
        assert_eq!(values(FILTER_VALUES + 1).check(), Err(FilterRefusal::TooManyValues));
    }
}
