//! Those for whom a session goes on.

use serde::{Deserialize, Serialize};

use crate::{AgentId, TeamId};

/// Agents beside the assigned one who have to do with a session, each list in ascending order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Those who have joined: they read along and write notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<AgentId>,
    /// Those who have handed it over or lost it: for them it ended then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<AgentId>,
}

/// Those for whom a session goes on. Whether somebody belongs to them says [`Sight::takes_in`](super::Sight::takes_in).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// The agent who answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<AgentId>,
    /// The team that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    /// Who else has to do with it.
    #[serde(default)]
    pub people: People,
}

impl People {
    /// The agent has joined.
    pub fn join(&mut self, agent: AgentId) {
        remove(&mut self.left, agent);
        insert(&mut self.joined, agent);
    }

    /// For the agent it has ended.
    pub fn leave(&mut self, agent: AgentId) {
        remove(&mut self.joined, agent);
        insert(&mut self.left, agent);
    }

    /// The agent has it again or anew, as the one who answers.
    pub fn answer(&mut self, agent: AgentId) {
        remove(&mut self.joined, agent);
        remove(&mut self.left, agent);
    }

    /// Whether the agent has joined.
    pub fn has_joined(&self, agent: AgentId) -> bool {
        self.joined.binary_search(&agent).is_ok()
    }
}

fn insert(agents: &mut Vec<AgentId>, agent: AgentId) {
    if let Err(place) = agents.binary_search(&agent) {
        agents.insert(place, agent);
    }
}

fn remove(agents: &mut Vec<AgentId>, agent: AgentId) {
    if let Ok(place) = agents.binary_search(&agent) {
        agents.remove(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_in_one_list_at_most() {
        let mut people = People::default();
        for agent in [3, 1, 2, 3] {
            people.join(AgentId(agent));
        }
        assert_eq!(people.joined, [AgentId(1), AgentId(2), AgentId(3)]);
        people.leave(AgentId(2));
        people.leave(AgentId(9));
        assert_eq!((people.joined.len(), people.left.as_slice()), (2, [AgentId(2), AgentId(9)].as_slice()));
        people.join(AgentId(2));
        people.answer(AgentId(9));
        assert_eq!((people.joined.len(), people.left.len()), (3, 0));
        people.answer(AgentId(3));
        assert_eq!((people.has_joined(AgentId(3)), people.has_joined(AgentId(2))), (false, true));
    }
}
