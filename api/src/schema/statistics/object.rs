//! The type `Statistics` and what it is made of.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use domain::sla::Metric;
use domain::statistics::{Compliance, Figures, RatingFigures, Spread};
use domain::{AgentId, TeamId};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::sla::SlaMetric;
use crate::schema::team::Team;
use crate::schema::ticket::EscalationReason;
use crate::view::View;

/// How times are spread.
#[derive(SimpleObject)]
pub(crate) struct TimeSpread {
    /// How many there are.
    count: i64,
    /// The time within which half of them are, in seconds. Null if there are none.
    median_seconds: Option<i64>,
    /// The time within which nine of ten are, in seconds. Null if there are none.
    p90_seconds: Option<i64>,
}

impl TimeSpread {
    pub(crate) fn of(spread: Spread) -> Self {
        Self {
            count: spread.count,
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

/// How many promises of one kind were kept.
#[derive(SimpleObject)]
pub(crate) struct SlaCompliance {
    /// What was promised.
    metric: SlaMetric,
    /// How many promises were kept in time.
    met: i64,
    /// How many were not, whether or not that was done later.
    missed: i64,
    /// The part that was kept in time, from 0 to 1. Null if there was none to keep.
    rate: Option<f64>,
}

impl SlaCompliance {
    fn of((metric, compliance): (&Metric, &Compliance)) -> Self {
        let Compliance { met, missed } = *compliance;
        Self { metric: (*metric).into(), met, missed, rate: compliance.rate() }
    }
}

/// The numbers of everybody, of an agent or of a team. Each is of whoever did it and of the team for which they did, as it was
/// then: the team that had the session or, if it was for none, the only team of the agent.
#[derive(SimpleObject)]
pub(crate) struct StatisticsFigures {
    /// From the customer's first message to the first answer, of the sessions that started in the range. Texts that the bot
    /// sends by itself are no answer. What is said past the desk is one, of no agent.
    first_response: TimeSpread,
    /// From the customer's first message to the resolution or, without one, the end of the session, of the sessions that
    /// started in the range. A session that goes on counts as before until it is resolved or ends again.
    handling: TimeSpread,
    /// What customers said in the range, by those who are credited with it.
    ratings: RatingStatistics,
    /// How often something was escalated in the range, by those who did. What the desk escalates by itself is nobody's.
    escalations: i64,
    /// Which promises were kept or missed in the range, by what was promised. A promise is missed once it is late, and is
    /// then of those who had the session or the ticket. Promises that were given up in time count for neither.
    compliance: Vec<SlaCompliance>,
}

impl StatisticsFigures {
    fn of(figures: &Figures) -> Self {
        Self {
            first_response: TimeSpread::of(figures.first_response),
            handling: TimeSpread::of(figures.handling),
            ratings: RatingStatistics::of(figures.ratings),
            escalations: figures.escalations,
            compliance: figures.compliance.iter().map(SlaCompliance::of).collect(),
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

pub(crate) struct SupervisorStatistics {
    id: AgentId,
    ratings: RatingFigures,
    view: View,
}

/// The numbers of a supervisor.
#[Object]
impl SupervisorStatistics {
    /// The supervisor. Null if they are gone.
    async fn supervisor(&self) -> Result<Option<Agent>> {
        Ok(self.view.loaders().agents().load(self.id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// What customers said in the range about the support that they supervised.
    async fn ratings(&self) -> RatingStatistics {
        RatingStatistics::of(self.ratings)
    }
}

/// How often something was escalated for a reason.
#[derive(SimpleObject)]
pub(crate) struct EscalationReasonCount {
    /// The reason.
    reason: EscalationReason,
    /// How often.
    count: i64,
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
    async fn total(&self) -> StatisticsFigures {
        StatisticsFigures::of(&self.found.all)
    }

    /// The numbers of each agent who has any.
    async fn agents(&self) -> Vec<AgentStatistics> {
        let one = |(id, figures): (&AgentId, &Figures)| AgentStatistics {
            id: *id,
            figures: figures.clone(),
            view: self.view.clone(),
        };
        self.found.agents.iter().map(one).collect()
    }

    /// The numbers of each team that has any.
    async fn teams(&self) -> Vec<TeamStatistics> {
        let one = |(id, figures): (&TeamId, &Figures)| TeamStatistics {
            id: *id,
            figures: figures.clone(),
            view: self.view.clone(),
        };
        self.found.teams.iter().map(one).collect()
    }

    /// The numbers of each supervisor who has any.
    async fn supervisors(&self) -> Vec<SupervisorStatistics> {
        let one = |(id, ratings): (&AgentId, &RatingFigures)| SupervisorStatistics {
            id: *id,
            ratings: *ratings,
            view: self.view.clone(),
        };
        self.found.supervisors.iter().map(one).collect()
    }

    /// Why things were escalated in the range, the most frequent reason first.
    async fn escalation_reasons(&self) -> Vec<EscalationReasonCount> {
        let reasons = self.found.escalation_reasons.iter();
        reasons.map(|(reason, count)| EscalationReasonCount { reason: (*reason).into(), count: *count }).collect()
    }
}
