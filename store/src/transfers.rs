//! What the store takes in about transfers, beside the entity of the domain.

use domain::session::TransferKind;
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
    /// By what.
    pub kind: TransferKind,
    /// Who gets it: an agent, a team or nobody.
    pub to: (Option<AgentId>, Option<TeamId>),
    /// What it is about. May be empty.
    pub description: &'a str,
    /// Who hands it over; nobody for the desk itself.
    pub by: Option<AgentId>,
    /// The present time on the project's clock.
    pub at: Time,
}
