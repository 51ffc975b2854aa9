//! Moving a session on that its agent has not answered.

use chrono::TimeDelta;

use super::{Candidate, Decision, Grounds, Presence, Request, Settings, Turn, route};
use crate::AgentId;

/// How long an agent may leave a customer unanswered before the session moves on, unless the project says otherwise:
/// the time within which a standard issue gets its first response (article “SLA Management Guide”, step 4).
pub const REROUTE_AFTER: TimeDelta = TimeDelta::minutes(5);

/// The agent who has a session and has not answered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The agent.
    pub agent_id: AgentId,
    /// Whether they are there.
    pub presence: Presence,
    /// Whether they took it, or somebody chose them for it, rather than the desk: then they may have it, whoever is
    /// within its scope.
    pub by_people: bool,
}

/// What becomes of a session that its agent has not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reroute {
    /// Another agent gets it.
    Moves {
        /// The agent.
        agent_id: AgentId,
        /// The agent's new turn, to be written with the assignment.
        turn: Turn,
        /// Why.
        grounds: Grounds,
    },
    /// There is nobody else, and the agent is there and may have it: an agent who may still answer is better than none. What
    /// was escalated to the administrators or to one agent stays even if they are not there, since others would see it in
    /// line.
    Stays(Grounds),
    /// There is nobody else, and the agent is not there or may not have it any more: it waits with the others.
    Queues(Grounds),
}

/// Decides about a session that this agent has had too long. Whoever let it lie before is in the request already; the
/// agent is added here.
pub fn reroute(settings: &Settings, request: &Request, holder: Holder, candidates: &[Candidate]) -> Reroute {
    let mut request = request.clone();
    request.let_lie_by.push(holder.agent_id);
    let may_have_it = |grounds: &Grounds| {
        let mut same = candidates.iter().filter(|candidate| candidate.agent_id == holder.agent_id);
        holder.by_people || same.any(|agent| grounds.scope.includes(agent))
    };
    let may_stay = |grounds: &Grounds| holder.presence == Presence::Online && may_have_it(grounds);
    match route(settings, &request, candidates) {
        Decision::Assign { agent_id, turn, grounds } => Reroute::Moves { agent_id, turn, grounds },
        Decision::Queue { grounds, .. } if request.is_personal() || may_stay(&grounds) => Reroute::Stays(grounds),
        Decision::Queue { grounds, .. } => Reroute::Queues(grounds),
    }
}
