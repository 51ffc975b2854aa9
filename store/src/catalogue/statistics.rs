//! Queries of what numbers are made of.

use domain::{AgentId, ProjectId, TeamId};

use crate::error::Result;
use crate::statistics::{MetricCount, Of, ReasonCount, ScoreCounts};
use crate::tx::{Lease, Queries};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The first message of an agent in each of these sessions that has one, in no order.
    first_answers = statistics::first_answers(sessions: &[i64]) -> Vec<i64>;
    /// How many stars each agent is credited with.
    scores_of_agents = statistics::scores_of_agents(project: ProjectId, of: Of) -> Vec<(Option<AgentId>, ScoreCounts)>;
    /// How many stars each team is credited with.
    scores_of_teams = statistics::scores_of_teams(project: ProjectId, of: Of) -> Vec<(Option<TeamId>, ScoreCounts)>;
    /// How often something was escalated for each reason, the most frequent first.
    escalation_reasons = statistics::escalation_reasons(project: ProjectId, of: Of) -> Vec<ReasonCount>;
    /// How often each agent escalated something.
    escalations_of_agents = statistics::escalations_of_agents(project: ProjectId, of: Of) -> Vec<(Option<AgentId>, i64)>;
    /// How often something of each team was escalated.
    escalations_of_teams = statistics::escalations_of_teams(project: ProjectId, of: Of) -> Vec<(Option<TeamId>, i64)>;
    /// How many of the promises of each metric that ended were met and how many were missed.
    compliance = statistics::compliance(project: ProjectId, of: Of) -> Vec<MetricCount>;
}
