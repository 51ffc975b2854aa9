//! How often escalations were needless.

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::escalation::Rate;
use domain::{AgentId, ProjectId, TriggerId};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::scalar::DateTime;
use crate::schema::trigger::Trigger;
use crate::view::View;

/// How many escalations there were, and how many of them were needless.
#[derive(SimpleObject)]
pub(crate) struct EscalationRate {
    /// How many there were.
    escalated: i64,
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
            unnecessary: rate.unnecessary,
            unnecessary_rate: rate.unnecessary_rate(),
            training_needed: rate.needs_training(),
        }
    }
}

pub(crate) struct EscalationRateOfAgent {
    agent: Option<AgentId>,
    rate: Rate,
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

    /// How many, and how many of them were needless.
    async fn rate(&self) -> EscalationRate {
        self.rate.into()
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

/// How many escalations of a project there were in a period, and how many of them were needless.
#[derive(SimpleObject)]
pub(crate) struct EscalationStatistics {
    /// Of all together.
    all: EscalationRate,
    /// How many of them skipped the form.
    quick: i64,
    /// By who escalated.
    by_agent: Vec<EscalationRateOfAgent>,
    /// By the trigger that made it happen or suggested it.
    by_trigger: Vec<EscalationRateOfTrigger>,
}

#[derive(Default)]
pub(crate) struct EscalationStatisticsQuery;

#[Object]
impl EscalationStatisticsQuery {
    /// How many escalations of a project there were in a period, and how many of them were needless. For supervisors and
    /// administrators of the project.
    async fn escalation_statistics(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "From this time on, on the project's clock.")] from: DateTime,
        #[graphql(desc = "Before this time, on the project's clock.")] to: DateTime,
    ) -> Result<EscalationStatistics> {
        let view = View::of(context).await?;
        let project: ProjectId = id::parse(&project_id)?;
        let rates = view.desk().escalation_statistics(view.actor(), project, from.0, to.0).await?;
        let of_agent = |(agent, rate)| EscalationRateOfAgent { agent, rate, view: view.clone() };
        let of_trigger = |(trigger, rate)| EscalationRateOfTrigger { trigger, rate, view: view.clone() };
        Ok(EscalationStatistics {
            all: rates.all.into(),
            quick: rates.quick,
            by_agent: rates.by_agent.into_iter().map(of_agent).collect(),
            by_trigger: rates.by_trigger.into_iter().map(of_trigger).collect(),
        })
    }
}
