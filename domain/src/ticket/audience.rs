//! Those who have to do with a ticket.

use serde::{Deserialize, Serialize};

use crate::visibility::{Audience, Telling};
use crate::{AgentId, Sight, TeamId, TicketId};

/// An agent who watches a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watcher {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The agent.
    pub agent_id: AgentId,
    /// Whether somebody who works on the ticket made them one, so that they see it whoever has its session. Who made
    /// themselves one sees it for no longer than they would anyway: what ended for them ended.
    pub is_given: bool,
}

/// Those who have to do with a ticket beside those for whom its session goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketAudience {
    /// The team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    /// The agent who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<AgentId>,
    /// Those whom somebody else has watch it, in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watchers: Vec<AgentId>,
}

impl Sight {
    /// Whether a ticket is within it: its session goes on for the reader, or the reader works on it, was made one who
    /// watches it, or is in the team that owns it. The same rule stands in SQL in `store/src/queries/ticket_filter.rs`.
    pub fn takes_in_ticket(&self, session: &Audience, ticket: &TicketAudience) -> bool {
        self.takes_in(session) || self.is_over_ticket(ticket)
    }

    /// Whether the reader sees a ticket whoever has its session.
    pub fn is_over_ticket(&self, ticket: &TicketAudience) -> bool {
        let Self::Own { agent_id, team_ids } = self else { return true };
        ticket.assignee_id == Some(*agent_id)
            || ticket.team_id.is_some_and(|team| team_ids.binary_search(&team).is_ok())
            || ticket.watchers.binary_search(agent_id).is_ok()
    }

    /// How the reader is told of an event about a ticket, if they are: whoever sees it now is told of it, and whoever sees
    /// it no longer by the event is told of that. Each audience is given as it is now and, if the event changed it, as it was
    /// before.
    pub fn telling_of_ticket(
        &self,
        session: (&Audience, Option<&Audience>),
        ticket: (&TicketAudience, Option<&TicketAudience>),
    ) -> Option<Telling> {
        if self.takes_in_ticket(session.0, ticket.0) {
            return Some(Telling::Whole);
        }
        let is_changed = session.1.is_some() || ticket.1.is_some();
        let saw = self.takes_in_ticket(session.1.unwrap_or(session.0), ticket.1.unwrap_or(ticket.0));
        (is_changed && saw).then_some(Telling::Loss)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::Role;
    use crate::visibility::People;

    const ME: AgentId = AgentId(5);

    fn mine() -> Sight {
        Sight::of(Role::Agent, ME, &Arc::from([TeamId(2), TeamId(4)]))
    }

    #[test]
    fn a_ticket_is_seen_by_its_team_its_agent_and_those_who_watch_it() {
        let elsewhere = Audience { assignee_id: Some(AgentId(9)), team_id: None, people: People::default() };
        let none = TicketAudience::default();
        assert!(!mine().takes_in_ticket(&elsewhere, &none));
        for ticket in [
            TicketAudience { team_id: Some(TeamId(4)), ..none.clone() },
            TicketAudience { assignee_id: Some(ME), ..none.clone() },
            TicketAudience { watchers: vec![AgentId(1), ME], ..none.clone() },
        ] {
            assert!(mine().takes_in_ticket(&elsewhere, &ticket), "{ticket:?}");
        }
        let other = TicketAudience { team_id: Some(TeamId(3)), assignee_id: Some(AgentId(1)), watchers: vec![] };
        assert!(!mine().takes_in_ticket(&elsewhere, &other));
        assert!(Sight::of(Role::Supervisor, ME, &Arc::from([])).takes_in_ticket(&elsewhere, &other));
    }

    #[test]
    fn whoever_loses_a_ticket_is_told_that_and_nothing_behind_it() {
        let here = Audience { assignee_id: Some(ME), team_id: None, people: People::default() };
        let elsewhere = Audience { assignee_id: Some(AgentId(9)), team_id: None, people: People::default() };
        let mine_as_team = TicketAudience { team_id: Some(TeamId(4)), ..TicketAudience::default() };
        let others = TicketAudience { team_id: Some(TeamId(9)), ..TicketAudience::default() };
        let tell = |session, ticket| mine().telling_of_ticket(session, ticket);
        assert_eq!(tell((&here, None), (&others, None)), Some(Telling::Whole));
        assert_eq!(tell((&elsewhere, Some(&here)), (&others, None)), Some(Telling::Loss));
        assert_eq!(tell((&elsewhere, None), (&others, Some(&mine_as_team))), Some(Telling::Loss));
        assert_eq!(tell((&elsewhere, None), (&others, None)), None);
        assert_eq!(tell((&elsewhere, Some(&elsewhere)), (&mine_as_team, Some(&others))), Some(Telling::Whole));
    }

    proptest! {
        #[test]
        fn whoever_sees_the_session_sees_its_tickets(
            assignee in proptest::option::of(1..8_i64),
            team in proptest::option::of(1..6_i64),
            owner in proptest::option::of(1..6_i64),
        ) {
            let session = Audience {
                assignee_id: assignee.map(AgentId),
                team_id: team.map(TeamId),
                people: People::default(),
            };
            let ticket = TicketAudience { team_id: owner.map(TeamId), ..TicketAudience::default() };
            prop_assert!(!mine().takes_in(&session) || mine().takes_in_ticket(&session, &ticket));
        }
    }
}
