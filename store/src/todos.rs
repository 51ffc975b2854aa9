//! What the store takes in about to-dos, beside the entity of the domain.

use domain::todo::{Owner, TodoKind};
use domain::{AgentId, CustomerId, ProjectId, SessionId, Time};

/// A to-do to be added.
#[derive(Debug, Clone)]
pub struct NewTodo {
    /// The project.
    pub project_id: ProjectId,
    /// The session in which it came up.
    pub session_id: SessionId,
    /// The customer.
    pub customer_id: CustomerId,
    /// What is owed.
    pub kind: TodoKind,
    /// What there is to say about it.
    pub text: String,
    /// From when on it can be done.
    pub due_from: Option<Time>,
    /// Until when it is to be done.
    pub due_at: Time,
    /// Who sees to it.
    pub owner: Owner,
    /// Who notes it; empty for the desk itself.
    pub created_by: Option<AgentId>,
    /// The present time on the project's clock.
    pub created_at: Time,
}
