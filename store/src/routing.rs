//! What the store takes in and gives out about routing.

use domain::routing::{Rule, Turn};
use domain::{AgentId, ProjectId, Role, Time};

/// A rule to be added behind the others.
#[derive(Debug, Clone)]
pub struct NewRule {
    /// The project.
    pub project_id: ProjectId,
    /// The name.
    pub name: String,
    /// What it says; its identifier is of no account.
    pub rule: Rule,
    /// Whether it is asked.
    pub active: bool,
    /// The present time.
    pub created_at: Time,
}

/// What routing knows of an agent of a project beside what they do at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The agent.
    pub agent_id: AgentId,
    /// How many sessions they may have, if that was said of them.
    pub capacity: Option<u32>,
    /// When it was their turn last.
    pub last_turn: Option<Turn>,
}

/// An active agent with a role in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The agent.
    pub agent_id: AgentId,
    /// What they are in the project.
    pub role: Role,
}
