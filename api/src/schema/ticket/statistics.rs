//! How often something was escalated, how often without need, and how long it took from then on.

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::escalation::{OfAgent, Rate, Share};
use domain::{AgentId, ProjectId, TriggerId};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::statistics::TimeSpread;
use crate::schema::time_range::TimeRangeInput;
use crate::schema::trigger::Trigger;
use crate::view::View;

/// How many sessions there were, and how many of them were escalated.
#[derive(SimpleObject)]
pub(crate) struct EscalationShare {
    /// How many there were.
    sessions: i64,
    /// How many of them were escalated, once or more often.
    escalated: i64,
    /// The part of them that was escalated, from 0 to 1. Null if there were none.
    escalation_rate: Option<f64>,
    /// Whether more than a fifth was escalated, so that there should be a training.
    training_needed: bool,
}

impl From<Share> for EscalationShare {
    fn from(share: Share) -> Self {
        Self {
            sessions: share.sessions,
            escalated: share.escalated,
            escalation_rate: share.escalation_rate(),
            training_needed: share.needs_training(),
        }
    }
}

/// How many escalations there were, and how many of them were needless.
#[derive(SimpleObject)]
pub(crate) struct EscalationRate {
    /// How many there were.
    escalated: i64,
    /// Of how many of them a supervisor said whether they were necessary. The others count as necessary.
    judged: i64,
    /// How many of them a supervisor found unnecessary.
    unnecessary: i64,
    /// The part of them that was unnecessary, from 0 to 1. Null if there were none.
    unnecessary_rate: Option<f64>,
    /// Whether more than a fifth was unnecessary, so that there should be a training.
    training_needed: bool,
}

impl From<Rate> for EscalationRate {
    fn from(rate: Rate) -> Self {
        Self {
            escalated: rate.escalated,
            judged: rate.judged,
            unnecessary: rate.unnecessary,
            unnecessary_rate: rate.unnecessary_rate(),
            training_needed: rate.needs_training(),
        }
    }
}

pub(crate) struct EscalationRateOfAgent {
    agent: Option<AgentId>,
    numbers: OfAgent,
    view: View,
}

/// The escalations of one agent.
#[Object]
impl EscalationRateOfAgent {
    /// Who escalated. Null for the desk itself, and if they are gone.
    async fn agent(&self) -> Result<Option<Agent>> {
        let Some(id) = self.agent else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// On how many sessions that started in the range they have worked, by the first answer, to the end or by escalating
    /// them, and how many of them they escalated. None of the desk itself.
    async fn share(&self) -> EscalationShare {
        self.numbers.share.into()
    }

    /// How many escalations they made, and how many of them were needless.
    async fn rate(&self) -> EscalationRate {
        self.numbers.rate.into()
    }
}

pub(crate) struct EscalationRateOfTrigger {
    trigger: TriggerId,
    rate: Rate,
    view: View,
}

/// The escalations that one trigger made happen or suggested.
#[Object]
impl EscalationRateOfTrigger {
    /// The trigger, also if it was removed since.
    async fn trigger(&self) -> Result<Option<Trigger>> {
        let trigger = self.view.loaders().triggers().load(self.trigger).await?;
        Ok(trigger.map(|trigger| Trigger::new(trigger, &self.view)))
    }

    /// How many, and how many of them were needless.
    async fn rate(&self) -> EscalationRate {
        self.rate.into()
    }
}

/// How much of a project was escalated in a range of time.
#[derive(SimpleObject)]
pub(crate) struct EscalationStatistics {
    /// How many sessions started in the range, and how many of them were escalated by now.
    share: EscalationShare,
    /// How many escalations were made in the range, and how many of them were needless.
    all: EscalationRate,
    /// How many of them skipped the form.
    quick: i64,
    /// From the first escalation of a ticket in the range to its resolution, of the tickets that are resolved.
    time_to_resolution: TimeSpread,
    /// By who escalated, and of all who worked on sessions that started in the range.
    by_agent: Vec<EscalationRateOfAgent>,
    /// By the trigger that made it happen or suggested it.
    by_trigger: Vec<EscalationRateOfTrigger>,
}

#[derive(Default)]
pub(crate) struct EscalationStatisticsQuery;

#[Object]
impl EscalationStatisticsQuery {
    /// How much of a project was escalated in a range of time in which at most 500,000 sessions started, and how much of that
    /// was needless. For supervisors and administrators of the project.
    async fn escalation_statistics(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Of which time.")] range: TimeRangeInput,
    ) -> Result<EscalationStatistics> {
        let view = View::of(context).await?;
        let project: ProjectId = id::parse(&project_id)?;
        let rates = view.desk().escalation_statistics(view.actor(), project, range.range()?).await?;
        let of_agent = |(agent, numbers)| EscalationRateOfAgent { agent, numbers, view: view.clone() };
        let of_trigger = |(trigger, rate)| EscalationRateOfTrigger { trigger, rate, view: view.clone() };
        Ok(EscalationStatistics {
            share: rates.share.into(),
            all: rates.all.into(),
            quick: rates.quick,
            time_to_resolution: TimeSpread::of(rates.time_to_resolution),
            by_agent: rates.by_agent.into_iter().map(of_agent).collect(),
            by_trigger: rates.by_trigger.into_iter().map(of_trigger).collect(),
        })
    }
}
