//! What the store takes in about ratings, beside the entities of the domain.

use domain::rating::Credit;
use domain::{CustomerId, ProjectId, SessionId, TicketId, Time};

/// A survey to be added, in which nobody was asked yet.
#[derive(Debug, Clone)]
pub struct NewSurvey {
    /// The project.
    pub project_id: ProjectId,
    /// The session that was resolved, or that of the ticket.
    pub session_id: SessionId,
    /// The ticket, if one was resolved while its session went on.
    pub ticket_id: Option<TicketId>,
    /// The customer.
    pub customer_id: CustomerId,
    /// When it was resolved, on the project's clock.
    pub resolved_at: Time,
    /// Who is credited with the score.
    pub credit: Credit,
}
