//! What the store takes in about knowledge, beside the entities of the domain.

use domain::{AgentId, ProjectId, SessionId, Time};

/// An entry to be added.
#[derive(Debug, Clone)]
pub struct NewKnowledgeEntry {
    /// The project.
    pub project_id: ProjectId,
    /// The session from which it is made.
    pub session_id: Option<SessionId>,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The language of both; empty for customers of any language.
    pub language: Option<String>,
    /// Words and phrases that make a message this question.
    pub keywords: Vec<String>,
    /// Who makes it.
    pub created_by: AgentId,
    /// The present time on the project's clock.
    pub created_at: Time,
}
