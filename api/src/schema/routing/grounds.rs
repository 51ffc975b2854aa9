//! The type `RoutingGrounds`.

use std::sync::Arc;

use async_graphql::{Enum, Object};
use domain::routing::{LastDecision, Source};

use super::object::RoutingStrategy;
use super::rule::RoutingRule;
use super::scope::RoutingScope;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::view::View;

/// What decided who could get a session, or in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RoutingSource {
    /// The escalation of the session.
    Escalation,
    /// The team that the session is for, by its link, by a transfer or by an earlier decision of a rule.
    Session,
    /// A rule of the project.
    Rule,
    /// The settings of the project, since no rule said otherwise.
    Default,
}

impl RoutingSource {
    fn of(source: Source) -> Self {
        match source {
            Source::Escalation => Self::Escalation,
            Source::Session => Self::Session,
            Source::Rule(_) => Self::Rule,
            Source::Default => Self::Default,
        }
    }
}

/// Why nobody got a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::routing::QueueReason")]
pub(crate) enum RoutingQueueReason {
    /// No agent is among those who may get it.
    NobodyInScope,
    /// Everybody who may get it is offline.
    NobodyOnline,
    /// Those who are there have as many sessions as they may.
    EverybodyBusy,
    /// Only the agent who let it lie could get it.
    NobodyElse,
}

pub(crate) struct RoutingGrounds {
    decision: Arc<LastDecision>,
    view: View,
}

impl RoutingGrounds {
    pub(crate) fn new(decision: Arc<LastDecision>, view: &View) -> Self {
        Self { decision, view: view.clone() }
    }

    async fn rule(&self, source: Source) -> Result<Option<RoutingRule>> {
        let Source::Rule(id) = source else { return Ok(None) };
        let rule = self.view.loaders().routing_rules().load(id).await?;
        Ok(rule.map(|rule| RoutingRule::new(rule, &self.view)))
    }
}

/// What the desk decided about a session when it last looked for an agent, and why. Whom people gave it to since then is
/// not told here.
#[Object]
impl RoutingGrounds {
    /// When it was decided, on the project's clock.
    fn decided_at(&self) -> DateTime {
        self.decision.at.into()
    }

    /// Who got the session then. Null if it had to wait.
    async fn agent(&self) -> Result<Option<Agent>> {
        let Some(id) = self.decision.agent_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// Why it had to wait. Null if somebody got it.
    fn queue_reason(&self) -> Option<RoutingQueueReason> {
        self.decision.reason.map(RoutingQueueReason::from)
    }

    /// Who could get it.
    fn scope(&self) -> RoutingScope {
        RoutingScope::new(self.decision.grounds.scope.clone(), &self.view)
    }

    /// What decided that.
    fn scope_source(&self) -> RoutingSource {
        RoutingSource::of(self.decision.grounds.scope_source)
    }

    /// The rule that decided that. Null if it was none, or if it has been removed.
    async fn scope_rule(&self) -> Result<Option<RoutingRule>> {
        self.rule(self.decision.grounds.scope_source).await
    }

    /// In which order they got sessions.
    fn strategy(&self) -> RoutingStrategy {
        self.decision.grounds.strategy.into()
    }

    /// What decided that.
    fn strategy_source(&self) -> RoutingSource {
        RoutingSource::of(self.decision.grounds.strategy_source)
    }

    /// The rule that decided that. Null if it was none, or if it has been removed.
    async fn strategy_rule(&self) -> Result<Option<RoutingRule>> {
        self.rule(self.decision.grounds.strategy_source).await
    }

    /// How many agents could get it at that moment.
    fn available(&self) -> u64 {
        count(self.decision.grounds.tally.available)
    }

    /// How many of those who may get it were left out because they were offline.
    fn offline(&self) -> u64 {
        count(self.decision.grounds.tally.offline)
    }

    /// How many of them were left out because they had as many sessions as they may.
    fn busy(&self) -> u64 {
        count(self.decision.grounds.tally.full)
    }
}

fn count(agents: usize) -> u64 {
    u64::try_from(agents).unwrap_or(u64::MAX)
}
