//! Why a decision was made.

use super::{QueueReason, Scope, Strategy};
use crate::{AgentId, RoutingRuleId, SessionId, TeamId, Time};

/// What said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The escalation of the session.
    Escalation,
    /// The team that the session is for, by a transfer, by its link or by an earlier decision of a rule.
    Session,
    /// A rule.
    Rule(RoutingRuleId),
    /// The project's settings, since no rule said otherwise.
    Default,
}

/// How many of the candidates could not get the session, each counted once, for the first reason that holds; and how
/// many could.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Outside the scope.
    pub out_of_scope: usize,
    /// The one who had it last and let it lie.
    pub let_it_lie: usize,
    /// Offline.
    pub offline: usize,
    /// At their capacity.
    pub full: usize,
    /// None of these.
    pub available: usize,
}

/// Why a decision was made, for the event and the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// Who could get the session.
    pub scope: Scope,
    /// What said so.
    pub scope_source: Source,
    /// In which order.
    pub strategy: Strategy,
    /// What said so.
    pub strategy_source: Source,
    /// Who was left.
    pub tally: Tally,
}

impl Grounds {
    /// The team that a rule chose for the session, which it is for from then on.
    pub fn ruled_team(&self) -> Option<TeamId> {
        match (self.scope_source, &self.scope) {
            (Source::Rule(_), Scope::Team(team)) => Some(*team),
            _ => None,
        }
    }
}

/// The last decision about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDecision {
    /// The session.
    pub session_id: SessionId,
    /// Who got it; nobody if it had to wait.
    pub agent_id: Option<AgentId>,
    /// Why it had to wait, if it had to.
    pub reason: Option<QueueReason>,
    /// Why it was decided so.
    pub grounds: Grounds,
    /// When, on the project's clock.
    pub at: Time,
}
