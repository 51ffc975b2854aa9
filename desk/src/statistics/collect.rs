//! Collecting the numbers of a project.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::escalation::EscalationReason;
use domain::rating::Score;
use domain::statistics::{Collected, Figures, RatingFigures};
use domain::{AgentId, ApiScope, ProjectId, TeamId, TimeRange};
use store::statistics::{Of, ScoreCounts};

use crate::{Actor, Desk, Error};

/// Which numbers are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatisticsOf {
    /// Of this time, on the project's clock.
    pub range: TimeRange,
    /// Those of one team.
    pub team_id: Option<TeamId>,
    /// Those of one agent.
    pub agent_id: Option<AgentId>,
}

/// The numbers of a project. Times are those of the sessions that started in the range; ratings and escalations are those that
/// were given and made in it, and promises those that were kept or missed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Of everybody.
    pub all: Figures,
    /// Of each agent.
    pub agents: BTreeMap<AgentId, Figures>,
    /// Of each team.
    pub teams: BTreeMap<TeamId, Figures>,
    /// What customers think of the support under each supervisor.
    pub supervisors: BTreeMap<AgentId, RatingFigures>,
    /// Why things were escalated, the most frequent first.
    pub escalation_reasons: Vec<(EscalationReason, i64)>,
}

impl Desk {
    /// The numbers of a project, for its supervisors and administrators.
    pub async fn statistics(&self, actor: &Actor, project: ProjectId, of: StatisticsOf) -> Result<Statistics, Error> {
        let StatisticsOf { range, team_id, agent_id } = of;
        let mut reader = self.numbers(actor, ApiScope::SessionsRead, project, range).await?;
        let of = Of { range, agent_id, team_id };
        let mut collected = Collected::default();
        for (whose, time) in reader.first_responses(project, of).await? {
            collected.count(whose, |counted| counted.first_response.push(time));
        }
        for (whose, time) in reader.handling_times(project, of).await? {
            collected.count(whose, |counted| counted.handling.push(time));
        }
        for (whose, metric, promises) in reader.compliance(project, of).await? {
            collected.count(whose, |counted| *counted.compliance.entry(metric).or_default() += promises);
        }
        let mut supervisors: BTreeMap<AgentId, RatingFigures> = BTreeMap::new();
        for scores in reader.scores(project, of).await? {
            let ratings = ratings_of(&scores.counts);
            if agent_id.is_none_or(|agent| scores.whose.agent_id == Some(agent)) {
                collected.count(scores.whose, |counted| counted.ratings += ratings);
            }
            let asked_for = |id: &AgentId| agent_id.is_none_or(|agent| *id == agent);
            for supervisor in scores.supervisor_ids.into_iter().filter(asked_for) {
                *supervisors.entry(supervisor).or_default() += ratings;
            }
        }
        let mut reasons: BTreeMap<EscalationReason, i64> = BTreeMap::new();
        for (whose, reason, count) in reader.escalation_figures(project, of).await? {
            collected.count(whose, |counted| counted.escalations += count);
            *reasons.entry(reason).or_default() += count;
        }
        reader.end().await?;
        let (all, agents, teams) = collected.figures();
        let mut escalation_reasons = Vec::from_iter(reasons);
        escalation_reasons.sort_by_key(|(_, count)| Reverse(*count));
        Ok(Statistics { all, agents, teams, supervisors, escalation_reasons })
    }
}

fn ratings_of(scores: &ScoreCounts) -> RatingFigures {
    let mut ratings = RatingFigures::default();
    for (score, count) in Score::all().zip(scores) {
        ratings.add(score, *count);
    }
    ratings
}
