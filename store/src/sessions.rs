//! What the store takes in about sessions, beside the entity of the domain.

use domain::{CustomerId, ProjectId, Time};

/// A session to be added.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The project.
    pub project_id: ProjectId,
    /// Its number within the project.
    pub number: i64,
    /// The customer.
    pub customer_id: CustomerId,
    /// The present time on the project's clock.
    pub created_at: Time,
}
