//! Serving the sessions that wait, when agents come online or get room.

use super::{Candidate, Decision, Grounds, Settings, Turn, Waiting, in_order, route};
use crate::{AgentId, SessionId};

/// A waiting session that an agent gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The session.
    pub session_id: SessionId,
    /// The agent.
    pub agent_id: AgentId,
    /// The agent's new turn, to be written with the assignment.
    pub turn: Turn,
    /// Why.
    pub grounds: Grounds,
}

/// Gives out as many of the waiting sessions as the agents have room for, in the order of the queue. A session that
/// nobody can get holds up no other one. Of a line that is
/// read part by part, those come first who are first in line, and each part is given what the ones before left.
pub fn assign_backlog(settings: &Settings, waiting: &[Waiting], candidates: &[Candidate]) -> Vec<Assigned> {
    let mut candidates = candidates.to_vec();
    let mut line: Vec<_> = waiting.iter().collect();
    line.sort_by(|one, other| in_order(one, other));
    let mut assigned = Vec::new();
    for waiting in line {
        if let Decision::Assign { agent_id, turn, grounds } = route(settings, &waiting.request, &candidates) {
            for candidate in candidates.iter_mut().filter(|candidate| candidate.agent_id == agent_id) {
                candidate.take(turn);
            }
            assigned.push(Assigned { session_id: waiting.session_id, agent_id, turn, grounds });
        }
    }
    assigned
}
