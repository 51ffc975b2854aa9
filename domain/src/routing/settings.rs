//! How a project routes.

use serde::{Deserialize, Serialize};

use super::grounds::Source;
use super::{Candidate, Request, Rule, Strategy};
use crate::escalation::EscalationTarget;
use crate::{AgentId, TeamId, named_enum};

/// Who may get a session (article “SLA Management Guide”, step 3: customer service scope).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All authorised agents.
    #[default]
    All,
    /// These agents.
    Agents(Vec<AgentId>),
    /// The agents of this team.
    Team(TeamId),
    /// The administrators of the project and, if a team owns what is escalated to them, its agents.
    Administrators(Option<TeamId>),
}

impl From<EscalationTarget> for Scope {
    fn from(target: EscalationTarget) -> Self {
        match target {
            EscalationTarget::Team(team) => Self::Team(team),
            EscalationTarget::Administrator { team_id, .. } => Self::Administrators(team_id),
            EscalationTarget::Agent(agent) => Self::Agents(vec![agent]),
        }
    }
}

named_enum! {
    /// Whether agents who are offline get sessions.
    pub enum OfflineAgents {
        /// They do not: a session waits until somebody comes online.
        Skipped = "SKIPPED",
        /// They do: as strictly in turn as the strategy is.
        Eligible = "ELIGIBLE",
    }
}

/// How a project routes.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// What is decided for some sessions in particular. The first rule for a session that names a scope decides about
    /// the scope, the first that names a strategy about the strategy.
    pub rules: Vec<Rule>,
    /// Who gets the sessions that no rule is for.
    pub scope: Scope,
    /// In which order.
    pub strategy: Strategy,
    /// Whether agents who are offline get sessions.
    pub offline_agents: OfflineAgents,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: vec![],
            scope: Scope::All,
            strategy: Strategy::OnlineFirst,
            offline_agents: OfflineAgents::Skipped,
        }
    }
}

impl Scope {
    /// Whether the agent is within it.
    pub fn includes(&self, candidate: &Candidate) -> bool {
        match self {
            Self::All => true,
            Self::Agents(agents) => agents.contains(&candidate.agent_id),
            Self::Team(team) => candidate.team_ids.contains(team),
            Self::Administrators(team) => {
                candidate.administers || team.is_some_and(|team| candidate.team_ids.contains(&team))
            }
        }
    }
}

/// Those of the teams of a project in which none of its agents is, so that nobody would ever get what waits for them.
pub fn unmanned(teams: &[TeamId], candidates: &[Candidate]) -> Vec<TeamId> {
    let is_manned = |team: &TeamId| candidates.iter().any(|candidate| candidate.team_ids.contains(team));
    teams.iter().copied().filter(|team| !is_manned(team)).collect()
}

impl Settings {
    /// The settings as they hold among these agents of a project: a scope within which none of them is counts as none, so
    /// that no session waits for somebody who is gone. Without any scope, sessions are for all.
    pub fn among(mut self, candidates: &[Candidate]) -> Self {
        let has_anybody = |scope: &Scope| candidates.iter().any(|candidate| scope.includes(candidate));
        for rule in &mut self.rules {
            rule.scope = rule.scope.take().filter(has_anybody);
        }
        if !has_anybody(&self.scope) {
            self.scope = Scope::All;
        }
        self
    }

    /// Whether they leave nobody out, whatever the session.
    pub fn is_for_all(&self) -> bool {
        self.scope == Scope::All && !self.has_ruled_scopes()
    }

    /// Who may get the session, and what says so: its escalation, then the team that it is for, then the rules.
    pub fn scope_of(&self, request: &Request) -> (Scope, Source) {
        if let Some(target) = request.escalated_to {
            return (target.into(), Source::Escalation);
        }
        if let Some(team) = request.team_id {
            return (Scope::Team(team), Source::Session);
        }
        let ruled = self.rules_for(request).find_map(|rule| Some((rule.scope.clone()?, Source::Rule(rule.id))));
        ruled.unwrap_or_else(|| (self.scope.clone(), Source::Default))
    }

    /// In which order agents get it, and what says so.
    pub fn strategy_of(&self, request: &Request) -> (Strategy, Source) {
        let ruled = self.rules_for(request).find_map(|rule| Some((rule.strategy?, Source::Rule(rule.id))));
        ruled.unwrap_or((self.strategy, Source::Default))
    }

    /// Whether rules say for some sessions who may get them.
    pub fn has_ruled_scopes(&self) -> bool {
        self.rules.iter().any(|rule| rule.scope.is_some())
    }

    fn rules_for<'s>(&'s self, request: &Request) -> impl Iterator<Item = &'s Rule> {
        self.rules.iter().filter(|rule| rule.is_for(request))
    }
}
