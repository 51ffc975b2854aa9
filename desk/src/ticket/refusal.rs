//! Why tickets were left as they are.

use domain::Ticket;

use crate::Rejected;

/// Why a ticket was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketRefusal {
    /// There is no such ticket, or the actor may not know of it.
    #[error("there is no such ticket")]
    NotFound,
    /// The ticket is not at the version that the actor has seen.
    #[error("the ticket has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Ticket>),
    /// The actor sees it, and does not work on it.
    #[error("others work on this ticket: ask its agent, its team or a supervisor")]
    NotOwner,
}

impl From<TicketRefusal> for Rejected<TicketRefusal> {
    fn from(refusal: TicketRefusal) -> Self {
        Self::Refused(refusal)
    }
}
