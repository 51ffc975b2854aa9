//! What the store takes in about transfers, beside the entity of the domain.

use domain::session::Description;
use domain::{AgentId, SessionId, TeamId, Time};

/// A transfer to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewTransfer<'a> {
    /// The session.
    pub session_id: SessionId,
    /// Its version right after the transfer.
    pub session_version: i64,
    /// Who had it, and the team that it was for.
    pub from: (Option<AgentId>, Option<TeamId>),
    /// Who gets it: an agent or a team.
    pub to: (Option<AgentId>, Option<TeamId>),
    /// What it is about.
    pub description: &'a Description,
    /// Who hands it over.
    pub by: AgentId,
    /// The present time on the project's clock.
    pub at: Time,
}
