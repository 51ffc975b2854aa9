//! The type `Statistics` and what it is made of.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use desk::statistics::{MetricCount, ReasonCount};
use domain::statistics::{Figures, RatingFigures, Spread};
use domain::{AgentId, TeamId};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::team::Team;
use crate::view::View;

/// How times are spread.
#[derive(SimpleObject)]
pub(crate) struct TimeSpread {
    /// How many there are.
    count: u64,
    /// The time within which half of them are, in seconds. Null if there are none.
    median_seconds: Option<i64>,
    /// The time within which nine of ten are, in seconds. Null if there are none.
    p90_seconds: Option<i64>,
}

impl TimeSpread {
    fn of(spread: Spread) -> Self {
        Self {
            count: u64::try_from(spread.count).unwrap_or(u64::MAX),
            median_seconds: spread.median.map(|time| time.num_seconds()),
            p90_seconds: spread.p90.map(|time| time.num_seconds()),
        }
    }
}

/// What customers think.
#[derive(SimpleObject)]
pub(crate) struct RatingStatistics {
    /// How many gave stars.
    count: i64,
    /// How many stars they gave on average. Null if nobody gave any.
    mean: Option<f64>,
    /// How many gave one star, two, three, four and five, in this order.
    distribution: Vec<i64>,
}

impl RatingStatistics {
    fn of(figures: RatingFigures) -> Self {
        Self { count: figures.count(), mean: figures.mean(), distribution: figures.distribution.to_vec() }
    }
}

/// The numbers of everybody, of an agent or of a team.
#[derive(SimpleObject)]
pub(crate) struct StatisticsFigures {
    /// From the customer's first message to the first one of an agent, of the sessions that started in the range. Texts that
    /// the bot sends by itself are no answer.
    first_response: TimeSpread,
    /// From the customer's first message to the resolution or, without one, the end of the session, of the sessions that
    /// started in the range.
    handling: TimeSpread,
    /// What customers said in the range, by those who are credited with it.
    ratings: RatingStatistics,
    /// How often something was escalated in the range.
    escalations: i64,
}

impl StatisticsFigures {
    fn of(figures: &Figures) -> Self {
        Self {
            first_response: TimeSpread::of(figures.first_response),
            handling: TimeSpread::of(figures.handling),
            ratings: RatingStatistics::of(figures.ratings),
            escalations: figures.escalations,
        }
    }
}

pub(crate) struct AgentStatistics {
    id: AgentId,
    figures: Figures,
    view: View,
}

/// The numbers of an agent.
#[Object]
impl AgentStatistics {
    /// The agent. Null if they are gone.
    async fn agent(&self) -> Result<Option<Agent>> {
        Ok(self.view.loaders().agents().load(self.id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The numbers.
    fn figures(&self) -> StatisticsFigures {
        StatisticsFigures::of(&self.figures)
    }
}

pub(crate) struct TeamStatistics {
    id: TeamId,
    figures: Figures,
    view: View,
}

/// The numbers of a team.
#[Object]
impl TeamStatistics {
    /// The team. Null if it is gone.
    async fn team(&self) -> Result<Option<Team>> {
        Ok(self.view.loaders().teams().load(self.id).await?.map(|team| Team::new(team, &self.view)))
    }

    /// The numbers.
    fn figures(&self) -> StatisticsFigures {
        StatisticsFigures::of(&self.figures)
    }
}

/// How often something was escalated for a reason.
#[derive(SimpleObject)]
pub(crate) struct EscalationReasonCount {
    /// The reason.
    reason: String,
    /// How often.
    count: i64,
}

/// How many promises were met.
#[derive(SimpleObject)]
pub(crate) struct SlaCompliance {
    /// The name of what was promised, such as `FIRST_RESPONSE`.
    metric: String,
    /// How many promises were met in time.
    met: i64,
    /// How many were met late. Promises that were given up count for neither.
    missed: i64,
}

pub(crate) struct Statistics {
    found: Arc<desk::statistics::Statistics>,
    view: View,
}

impl Statistics {
    pub(super) fn new(found: desk::statistics::Statistics, view: &View) -> Self {
        Self { found: Arc::new(found), view: view.clone() }
    }
}

/// The numbers of a project in a range of time.
#[Object]
impl Statistics {
    /// The numbers of everybody.
    fn total(&self) -> StatisticsFigures {
        StatisticsFigures::of(&self.found.all)
    }

    /// The numbers of each agent who has any: first responses by who gave them, handling by who had the session in the end.
    fn agents(&self) -> Vec<AgentStatistics> {
        let one = |(id, figures): (&AgentId, &Figures)| AgentStatistics {
            id: *id,
            figures: figures.clone(),
            view: self.view.clone(),
        };
        self.found.agents.iter().map(one).collect()
    }

    /// The numbers of each team that has any, by the team that a session is for.
    fn teams(&self) -> Vec<TeamStatistics> {
        let one = |(id, figures): (&TeamId, &Figures)| TeamStatistics {
            id: *id,
            figures: figures.clone(),
            view: self.view.clone(),
        };
        self.found.teams.iter().map(one).collect()
    }

    /// Why things were escalated, the most frequent reason first.
    fn escalation_reasons(&self) -> Vec<EscalationReasonCount> {
        let one =
            |counted: &ReasonCount| EscalationReasonCount { reason: counted.reason.clone(), count: counted.count };
        self.found.escalation_reasons.iter().map(one).collect()
    }

    /// Which promises that ended in the range were met, by what was promised.
    fn compliance(&self) -> Vec<SlaCompliance> {
        let one = |counted: &MetricCount| SlaCompliance {
            metric: counted.metric.clone(),
            met: counted.met,
            missed: counted.missed,
        };
        self.found.compliance.iter().map(one).collect()
    }
}
