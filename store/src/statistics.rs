//! What the store gives out that numbers are made of.

use domain::{AgentId, TeamId, Time};

/// Whose numbers of which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of {
    /// From this time on.
    pub from: Time,
    /// Until right before this time.
    pub until: Time,
    /// Those of one agent.
    pub agent_id: Option<AgentId>,
    /// Those of one team.
    pub team_id: Option<TeamId>,
}

/// How many gave one star, two and so on.
pub type ScoreCounts = [i64; 5];

/// How often something was escalated for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonCount {
    /// The reason.
    pub reason: String,
    /// How often.
    pub count: i64,
}

/// How many promises of a metric were met and missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricCount {
    /// The name of the metric.
    pub metric: String,
    /// How many were met in time.
    pub met: i64,
    /// How many were met late.
    pub missed: i64,
}
