//! What the store takes in about ratings, beside the entities of the domain.

use domain::rating::Credit;
use domain::{CustomerId, ProjectId, SessionId, Time};

/// A survey to be added, in which nobody was asked yet.
#[derive(Debug, Clone)]
pub struct NewSurvey {
    /// The project.
    pub project_id: ProjectId,
    /// The session that was resolved.
    pub session_id: SessionId,
    /// The customer.
    pub customer_id: CustomerId,
    /// When it was resolved, on the project's clock.
    pub resolved_at: Time,
    /// Who is credited with the score.
    pub credit: Credit,
}
