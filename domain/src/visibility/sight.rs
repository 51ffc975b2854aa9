//! How far somebody sees.

use std::sync::Arc;

use super::Audience;
use crate::{AgentId, Role, TeamId};

/// How far somebody sees in one project.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sight {
    /// Every session.
    Everything,
    /// What concerns one agent.
    Own {
        /// The agent.
        agent_id: AgentId,
        /// The teams that the agent is in, in ascending order.
        team_ids: Arc<[TeamId]>,
    },
}

/// How an event about a session is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// With everything as it is.
    Whole,
    /// The session has ended for the reader since: with everything as it was for them then.
    AsLeft,
    /// As the end of the session for the reader, since the event took it out of their sight.
    Loss,
}

impl Sight {
    /// How far an agent in these teams sees who is this in the project.
    pub fn of(role: Role, agent_id: AgentId, team_ids: &Arc<[TeamId]>) -> Self {
        match role {
            Role::Agent => Self::Own { agent_id, team_ids: team_ids.clone() },
            Role::Supervisor | Role::Admin => Self::Everything,
        }
    }

    /// Whether a session with this audience goes on for the reader.
    pub fn takes_in(&self, audience: &Audience) -> bool {
        let Self::Own { agent_id, team_ids } = self else { return true };
        let Audience { assignee_id, team_id, people } = audience;
        match assignee_id {
            Some(assignee) if assignee == agent_id => true,
            _ if people.joined.binary_search(agent_id).is_ok() => true,
            Some(_) => false,
            None => {
                team_id.is_none_or(|team| team_ids.binary_search(&team).is_ok())
                    && people.left.binary_search(agent_id).is_err()
            }
        }
    }

    /// How the reader is told of an event, if they are.
    ///
    /// `then` is the audience right after the event, `before` the one before it if the event changed it, and `now` the
    /// present one. Whoever sees a session now is told of all that happened in it, so that nobody who gets a session
    /// back finds a gap; whoever saw it then and does not any more is told of what happened while they did.
    pub fn telling(&self, then: &Audience, before: Option<&Audience>, now: &Audience) -> Option<Telling> {
        let sees_now = self.takes_in(now);
        if self.takes_in(then) {
            return Some(if sees_now { Telling::Whole } else { Telling::AsLeft });
        }
        if before.is_some_and(|before| self.takes_in(before)) {
            return Some(Telling::Loss);
        }
        sees_now.then_some(Telling::Whole)
    }
}

#[cfg(test)]
mod tests {
    use super::super::People;
    use super::*;

    const ME: AgentId = AgentId(5);

    fn mine() -> Sight {
        Sight::of(Role::Agent, ME, &Arc::from([TeamId(2), TeamId(4)]))
    }

    fn audience(assignee: Option<i64>, team: Option<i64>) -> Audience {
        Audience { assignee_id: assignee.map(AgentId), team_id: team.map(TeamId), people: People::default() }
    }

    #[test]
    fn an_agent_sees_what_is_theirs_what_they_joined_and_what_waits_for_them() {
        let table = [
            (audience(Some(5), None), true),
            (audience(Some(5), Some(9)), true),
            (audience(Some(6), None), false),
            (audience(Some(6), Some(2)), false),
            (audience(None, None), true),
            (audience(None, Some(4)), true),
            (audience(None, Some(9)), false),
        ];
        for (audience, sees) in table {
            assert_eq!(mine().takes_in(&audience), sees, "{audience:?}");
            assert!(Sight::of(Role::Supervisor, ME, &Arc::from([])).takes_in(&audience));
            let mut joined = audience.clone();
            joined.people.join(ME);
            assert!(mine().takes_in(&joined));
            let mut left = audience.clone();
            left.people.leave(ME);
            assert_eq!(mine().takes_in(&left), audience.assignee_id == Some(ME), "{left:?}");
        }
    }

    #[test]
    fn a_reader_is_told_of_what_they_saw_of_the_loss_and_of_nothing_behind_it() {
        let (own, other) = (audience(Some(5), None), audience(Some(6), None));
        let tell = |then, before, now| mine().telling(then, before, now);
        assert_eq!(tell(&own, None, &own), Some(Telling::Whole));
        assert_eq!(tell(&own, None, &other), Some(Telling::AsLeft));
        assert_eq!(tell(&other, Some(&own), &other), Some(Telling::Loss));
        assert_eq!(tell(&other, None, &other), None);
        assert_eq!(tell(&other, Some(&own), &own), Some(Telling::Loss), "the way back is another event");
        assert_eq!(tell(&other, None, &own), Some(Telling::Whole), "nobody who gets it back finds a gap");
        assert_eq!(tell(&own, Some(&other), &own), Some(Telling::Whole));
    }
}
