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
        /// Somebody resolved it.
        Resolved = "RESOLVED",
        /// Somebody went on with it after it was resolved.
        Reopened = "REOPENED",
        /// Messages were linked to it.
        MessagesLinked = "MESSAGES_LINKED",
        /// Its team was deleted.
        TeamDeleted = "TEAM_DELETED",
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
}
