//! What has become of a ticket, step by step.

use super::{Ticket, TicketKind, TicketStatus};
use crate::{AgentId, Priority, TeamId, TicketId, Time, named_enum};

named_enum! {
    /// By what a ticket changed.
    pub enum TicketCause {
        /// Somebody opened it.
        Opened = "OPENED",
        /// Somebody changed it.
        Updated = "UPDATED",
        /// It went to another line or team.
        Escalated = "ESCALATED",
        /// The customer said that it cannot wait.
        Urgent = "URGENT",
        /// The customer wrote, for whom it waited.
        CustomerReplied = "CUSTOMER_REPLIED",
        /// Somebody resolved it.
        Resolved = "RESOLVED",
        /// Somebody went on with it after it was resolved.
        Reopened = "REOPENED",
        /// Messages were linked to it.
        MessagesLinked = "MESSAGES_LINKED",
        /// Its team was deleted.
        TeamDeleted = "TEAM_DELETED",
        /// Its agent works in the project no longer.
        AgentGone = "AGENT_GONE",
        /// Its session came into other hands, and it went along.
        HandedOver = "HANDED_OVER",
        /// Everything about its customer was erased.
        Erased = "ERASED",
    }
}

/// A step in the history of a ticket, with the ticket as it was right after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketEntry {
    /// The number of the entry, which grows.
    pub id: i64,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The version of the ticket right after it.
    pub version: i64,
    /// By what.
    pub cause: TicketCause,
    /// Who did it; empty for the customer and for the desk itself.
    pub by_agent_id: Option<AgentId>,
    /// What kind of work it was then.
    pub kind: TicketKind,
    /// The line that worked on it then.
    pub line: i32,
    /// How pressing it was then.
    pub priority: Priority,
    /// Where it stood then.
    pub status: TicketStatus,
    /// The team that owned it then.
    pub team_id: Option<TeamId>,
    /// The agent who worked on it then.
    pub assignee_id: Option<AgentId>,
    /// When it was, on the project's clock.
    pub at: Time,
}

impl TicketEntry {
    /// The step that led to the ticket as it is.
    pub fn of(ticket: &Ticket, cause: TicketCause, by: Option<AgentId>) -> Self {
        Self {
            id: 0,
            ticket_id: ticket.id,
            version: ticket.version,
            cause,
            by_agent_id: by,
            kind: ticket.kind,
            line: ticket.line,
            priority: ticket.priority,
            status: ticket.status,
            team_id: ticket.team_id,
            assignee_id: ticket.assignee_id,
            at: ticket.updated_at,
        }
    }

    /// The ticket as it was right after the step, which escalated it, for whoever escalated it so and sees nothing of what
    /// came later. What was to be done is told in the words of the escalation if it may have been put otherwise since.
    pub fn escalated(&self, ticket: &Ticket, description: &str) -> Ticket {
        if ticket.version == self.version {
            return ticket.clone();
        }
        Ticket {
            kind: self.kind,
            line: self.line,
            priority: self.priority,
            status: self.status,
            team_id: self.team_id,
            assignee_id: self.assignee_id,
            description: description.to_owned(),
            updated_at: self.at,
            escalated_at: Some(self.at),
            resolved_at: None,
            resolution: None,
            version: self.version,
            ..ticket.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ticket;
    use super::*;

    #[test]
    fn nothing_that_came_after_a_step_is_shown_with_it() {
        let mut one = ticket();
        let step = TicketEntry::of(&one, TicketCause::Escalated, None);
        assert_eq!(step.escalated(&one, "at once"), one);
        let then = one.clone();
        one.resolve("a secret".to_owned(), Time::UNIX_EPOCH);
        one.description = "another secret".to_owned();
        (one.assignee_id, one.priority, one.version) = (Some(AgentId(9)), Priority::Urgent, 3);
        assert_eq!(step.escalated(&one, "at once"), Ticket { description: "at once".to_owned(), ..then });
    }
}
