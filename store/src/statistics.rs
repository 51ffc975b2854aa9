//! What the store gives out that numbers are made of.

use domain::statistics::Whose;
use domain::{AgentId, TeamId, TimeRange};

/// Whose numbers of which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of {
    /// Of this time.
    pub range: TimeRange,
    /// Those of one agent.
    pub agent_id: Option<AgentId>,
    /// Those of one team.
    pub team_id: Option<TeamId>,
}

/// How many gave one star, two and so on.
pub type ScoreCounts = [i64; 5];

/// How many stars there were for the same people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    /// Who is credited with them.
    pub whose: Whose,
    /// The supervisors who are credited as well.
    pub supervisor_ids: Vec<AgentId>,
    /// How many.
    pub counts: ScoreCounts,
}
