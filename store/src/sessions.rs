//! What the store takes in about sessions, beside the entity of the domain.

use domain::message::Thread;
use domain::{ChatId, CustomerId, ProjectId, Time};

/// A session to be added.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The project.
    pub project_id: ProjectId,
    /// Its number within the project.
    pub number: i64,
    /// The customer.
    pub customer_id: CustomerId,
    /// The chat that it starts in.
    pub chat_id: ChatId,
    /// The conversation within that chat.
    pub thread: Thread,
    /// The present time on the project's clock.
    pub created_at: Time,
}
