//! The type `ProjectRouting`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Enum, Object};
use domain::routing::Policy;

use super::rule::RoutingRule;
use super::scope::RoutingScope;
use crate::schema::bot_text::BotText;
use crate::schema::error::Result;
use crate::view::View;

/// In which order agents get sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::routing::Strategy")]
pub(crate) enum RoutingStrategy {
    /// Each in turn: whoever has waited longest for a session.
    RoundRobin,
    /// Those who are online before those who are not, each group in turn.
    OnlineFirst,
    /// Whoever has the fewest sessions to work on, equals in turn.
    LeastLoaded,
}

/// Whether agents who are offline get sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::routing::OfflineAgents")]
pub(crate) enum RoutingOfflineAgents {
    /// They do not: a session waits until somebody comes online.
    Skipped,
    /// They do: as strictly in turn as the strategy is.
    Eligible,
}

pub(crate) struct ProjectRouting {
    policy: Policy,
    view: View,
}

impl ProjectRouting {
    pub(crate) fn new(policy: Policy, view: &View) -> Self {
        Self { policy, view: view.clone() }
    }
}

/// How the desk gives out the sessions of a project.
#[Object]
impl ProjectRouting {
    /// Whether the desk gives out sessions. If not, agents take them.
    fn enabled(&self) -> bool {
        self.policy.enabled
    }

    /// Who gets the sessions that no rule is for; all agents as long as none of those that it names is active in the
    /// project. A session that is for a team, by its link, by a transfer or by a rule, is given to that team alone.
    fn scope(&self) -> RoutingScope {
        RoutingScope::new(self.policy.scope.clone(), &self.view)
    }

    /// In which order, unless a rule says otherwise.
    fn strategy(&self) -> RoutingStrategy {
        self.policy.strategy.into()
    }

    /// Whether agents who are offline get sessions.
    fn offline_agents(&self) -> RoutingOfflineAgents {
        self.policy.offline_agents.into()
    }

    /// How many sessions that need work an agent has at most for whom `agentCapacityUpdate` says nothing else. Null for any
    /// number.
    fn capacity(&self) -> Option<u32> {
        self.policy.capacity
    }

    /// After how many seconds a session moves on to another agent if its agent has not answered. Null if it stays.
    fn reroute_after_seconds(&self) -> Option<i64> {
        self.policy.reroute_after.map(|after| after.num_seconds())
    }

    /// What a customer is told who has to wait, in each language; `{place}` stands for their place in line. Null for the
    /// words of the desk, which are others where nobody is there than where all are busy. Empty if nothing is said.
    fn queue_message(&self) -> Option<Vec<BotText>> {
        self.policy.queue_message.as_ref().map(BotText::all_of)
    }

    /// The rules, in the order in which they are asked. The first that is for a session and names a scope decides about
    /// that; the first that names a strategy about that.
    async fn rules(&self) -> Result<Vec<RoutingRule>> {
        let rules = Box::pin(self.view.desk().routing_rules(self.view.actor(), self.policy.project_id)).await?;
        Ok(rules.into_iter().map(|rule| RoutingRule::new(Arc::new(rule), &self.view)).collect())
    }

    /// Grows with each change by `routingSettingsUpdate`, and when the team that is the scope is deleted. 0 while nothing
    /// was said.
    fn version(&self) -> i64 {
        self.policy.version
    }
}
