//! What the store gives out about who is there.

use domain::{AgentId, Time};

/// An agent who follows a project, or did a moment ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// The agent.
    pub agent_id: AgentId,
    /// Since when.
    pub since: Time,
    /// When it was last known.
    pub last_seen: Time,
}
