//! What the store takes in and gives out about routing.

use domain::filter::SessionKey;
use domain::routing::{Rule, Turn};
use domain::{AgentId, Priority, ProjectId, Role, SessionId, TeamId, Time};

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
    /// The present time on the project's clock.
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

/// An agent has let a session lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetLie {
    /// The session.
    pub session_id: SessionId,
    /// The agent.
    pub agent_id: AgentId,
    /// When they lost it, on the project's clock.
    pub at: Time,
    /// The same moment on the wall clock, by which it is known who was there.
    pub wall_at: Time,
}

/// How far the line was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineEnd {
    /// The priority of those who are read: the line has one part for each.
    pub priority: Priority,
    /// The last one who was read: since when they have waited, and their session.
    pub after: SessionKey,
    /// How many to read.
    pub limit: i64,
}

/// Which sessions in line are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Awaiting {
    /// Those that are for no team.
    pub anybody: bool,
    /// Those that are for one of these teams.
    pub teams: Vec<TeamId>,
}
