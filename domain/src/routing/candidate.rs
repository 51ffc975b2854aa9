//! Who can get a session.

use crate::{AgentId, TeamId, named_enum};

named_enum! {
    /// Whether an agent is there.
    pub enum Presence {
        /// The agent has a console open, or had a moment ago.
        Online = "ONLINE",
        /// The agent has not.
        Offline = "OFFLINE",
    }
}

/// When an agent was last given a session, in the order of the project's assignments. Each assignment takes a higher
/// one; unlike times, turns are never equal and never go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Turn(pub i64);

/// An agent who is authorised for the project and active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The agent.
    pub agent_id: AgentId,
    /// The teams of the project that the agent is in.
    pub team_ids: Vec<TeamId>,
    /// Whether the agent administers the project.
    pub administers: bool,
    /// Whether the agent is there.
    pub presence: Presence,
    /// How many sessions the agent has that need work: those that are unread or in processing.
    pub load: u32,
    /// How many of those the agent may have. Empty for any number.
    pub capacity: Option<u32>,
    /// When the agent was last given a session of this project. Empty for one who never was.
    pub last_turn: Option<Turn>,
}

impl Candidate {
    /// Whether the agent has room for one more.
    pub fn has_room(&self) -> bool {
        self.capacity.is_none_or(|capacity| self.load < capacity)
    }

    /// Notes that the agent was given a session.
    pub fn take(&mut self, turn: Turn) {
        self.load += 1;
        self.last_turn = Some(turn);
    }
}

impl Turn {
    /// The turn after those that the candidates have taken.
    pub fn after(candidates: &[Candidate]) -> Self {
        Self(candidates.iter().filter_map(|candidate| candidate.last_turn).max().map_or(1, |Turn(last)| last + 1))
    }
}
