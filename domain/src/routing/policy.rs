//! What a project says about routing.

use chrono::TimeDelta;

use super::{OfflineAgents, REROUTE_AFTER, Rule, Scope, Settings, Strategy};
use crate::bot_text::Texts;
use crate::{ProjectId, RoutingRuleId, Time};

/// The most sessions that an agent can be said to have at a time.
pub const MOST_CAPACITY: u32 = 10_000;
/// The shortest and the longest time after which an unanswered session moves on.
pub const REROUTE_RANGE: std::ops::RangeInclusive<TimeDelta> = TimeDelta::seconds(10)..=TimeDelta::days(7);
/// The most rules of a project.
pub const MOST_RULES: usize = 50;
/// The most conditions of a rule.
pub const MOST_CONDITIONS: usize = 20;
/// The most values that one condition, or one choice of agents, names.
pub const MOST_VALUES: usize = 100;

/// What a project says about routing.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The project.
    pub project_id: ProjectId,
    /// Whether the desk gives out sessions at all; if not, agents take them.
    pub enabled: bool,
    /// Who gets the sessions that no rule is for.
    pub scope: Scope,
    /// In which order.
    pub strategy: Strategy,
    /// Whether agents who are offline get sessions.
    pub offline_agents: OfflineAgents,
    /// How many sessions an agent has at most for whom nothing else is said. Empty for any number.
    pub capacity: Option<u32>,
    /// After which time a session moves on whose agent has not answered. Empty if it stays.
    pub reroute_after: Option<TimeDelta>,
    /// What a customer is told who has to wait. Empty for the words of the desk; no language at all says nothing.
    pub queue_message: Option<Texts>,
    /// Grows with each change.
    pub version: i64,
}

/// A rule as people keep it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedRule {
    /// What it says.
    pub rule: Rule,
    /// The project.
    pub project_id: ProjectId,
    /// The name shown to agents.
    pub name: String,
    /// Its place among the rules of the project: those with lower ones are asked first.
    pub place: i64,
    /// False if it is passed over.
    pub active: bool,
    /// Grows with each change of what people can change here, its place apart.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
}

impl ListedRule {
    /// The identifier.
    pub fn id(&self) -> RoutingRuleId {
        self.rule.id
    }
}

impl Policy {
    /// What holds for a project that has said nothing: agents take their sessions themselves.
    pub fn usual(project_id: ProjectId) -> Self {
        let Settings { scope, strategy, offline_agents, .. } = Settings::default();
        Self {
            project_id,
            enabled: false,
            scope,
            strategy,
            offline_agents,
            capacity: None,
            reroute_after: Some(REROUTE_AFTER),
            queue_message: None,
            version: 0,
        }
    }

    /// What decisions go by, with the rules of the project in their order.
    pub fn settings(&self, rules: Vec<ListedRule>) -> Settings {
        Settings {
            rules: rules.into_iter().filter(|listed| listed.active).map(|listed| listed.rule).collect(),
            scope: self.scope.clone(),
            strategy: self.strategy,
            offline_agents: self.offline_agents,
        }
    }
}
