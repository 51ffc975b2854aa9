//! Whose a ticket is while its session goes from hand to hand.

use super::{Ticket, TicketStatus};
use crate::todo::Owner;
use crate::{AgentId, SessionId, TeamId};

impl Ticket {
    /// Whose it is once its session has come from one's hands into another's; nothing if it stays whose it is.
    ///
    /// It goes along if it is its session's: whoever had the session works on it, or nobody does, and it is for no team or
    /// for one that the session was or is for. Whomever else people chose for it keeps it. Whoever leads the support looks
    /// for it with those who talk with the customer, so that it is for their team from then on. What was escalated stays in
    /// its team, though, which answers for it even if people hand the session to another one, and whoever has the session
    /// there does not work on it.
    pub fn goes_along(&self, from: Owner, to: Owner) -> Option<Owner> {
        let is_free = self.assignee_id.is_none() || self.assignee_id == from.agent_id;
        let is_of_session = self.team_id.is_none() || [from.team_id, to.team_id].contains(&self.team_id);
        if !self.is_open() || !is_free || !is_of_session {
            return None;
        }
        let kept = self.team_id.filter(|_| self.escalated_at.is_some());
        let team_id = kept.or(to.team_id);
        let owner = Owner { agent_id: to.agent_id.filter(|_| team_id == to.team_id), team_id };
        (owner != self.owner()).then_some(owner)
    }

    /// It is somebody else's from now on. An agent who gets it is on it, and what nobody has any more is begun by nobody;
    /// what waits goes on waiting.
    pub fn change_owner(&mut self, to: Owner) {
        let is_taken = to.agent_id.is_some() && to.agent_id != self.assignee_id;
        self.status = match self.status {
            TicketStatus::Open if is_taken => TicketStatus::InProgress,
            TicketStatus::InProgress if to.agent_id.is_none() => TicketStatus::Open,
            status => status,
        };
        (self.assignee_id, self.team_id) = (to.agent_id, to.team_id);
    }

    /// Whether it is up to an agent who is in these teams: they work on it, or nobody does and one of the teams owns it.
    fn is_up_to(&self, agent: AgentId, teams: &[TeamId]) -> bool {
        match self.assignee_id {
            Some(assignee) => assignee == agent,
            None => self.team_id.is_some_and(|team| teams.contains(&team)),
        }
    }

    /// Whether an agent who is in these teams is to answer in a session by one of the tickets of its customer: by one that was
    /// escalated, of the session itself or, where none of its own is, of an earlier one.
    pub fn has_answer(tickets: &[Self], session: SessionId, agent: AgentId, teams: &[TeamId]) -> bool {
        let escalated = tickets.iter().filter(|ticket| ticket.is_open() && ticket.escalated_at.is_some());
        let (own, earlier): (Vec<_>, Vec<_>) = escalated.partition(|ticket| ticket.session_id == session);
        let deciding = if own.is_empty() { earlier } else { own };
        deciding.into_iter().any(|ticket| ticket.is_up_to(agent, teams))
    }

    fn owner(&self) -> Owner {
        Owner { agent_id: self.assignee_id, team_id: self.team_id }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::ticket;
    use super::*;
    use crate::{TicketKind, Time};

    const ADA: Option<AgentId> = Some(AgentId(7));
    const BOB: Option<AgentId> = Some(AgentId(8));
    const EVE: Option<AgentId> = Some(AgentId(9));
    const FIRST: Option<TeamId> = Some(TeamId(1));
    const SECOND: Option<TeamId> = Some(TeamId(2));

    fn owner((agent_id, team_id): (Option<AgentId>, Option<TeamId>)) -> Owner {
        Owner { agent_id, team_id }
    }

    /// What somebody noted in a session, and what was escalated.
    fn tickets(of: Owner) -> [Ticket; 2] {
        let escalated = Ticket { assignee_id: of.agent_id, team_id: of.team_id, ..ticket() };
        [Ticket { kind: TicketKind::Standard, escalated_at: None, ..escalated.clone() }, escalated]
    }

    #[test]
    fn what_is_its_sessions_goes_where_that_goes() {
        for (whose, from, to) in [
            ((None, None), (None, None), (ADA, None)),
            ((ADA, None), (ADA, None), (BOB, None)),
            ((ADA, None), (ADA, None), (None, None)),
            ((ADA, None), (ADA, None), (None, SECOND)),
            ((None, SECOND), (None, SECOND), (BOB, SECOND)),
            ((BOB, SECOND), (BOB, SECOND), (None, SECOND)),
            ((None, SECOND), (ADA, None), (BOB, SECOND)),
            ((ADA, SECOND), (ADA, SECOND), (None, SECOND)),
        ] {
            for one in tickets(owner(whose)) {
                assert_eq!(one.goes_along(owner(from), owner(to)), Some(owner(to)), "{whose:?} {from:?} {to:?}");
            }
        }
    }

    #[test]
    fn what_people_chose_for_somebody_else_stays_with_them() {
        for (whose, from, to) in [
            ((EVE, None), (ADA, None), (BOB, None)),
            ((EVE, None), (ADA, None), (EVE, None)),
            ((None, SECOND), (ADA, None), (BOB, None)),
            ((ADA, SECOND), (ADA, FIRST), (BOB, FIRST)),
        ] {
            for one in tickets(owner(whose)) {
                assert_eq!(one.goes_along(owner(from), owner(to)), None, "{whose:?} {from:?} {to:?}");
            }
        }
        let mut resolved = ticket();
        resolved.resolve("done".to_owned(), Time::UNIX_EPOCH);
        assert_eq!(resolved.goes_along(owner((None, resolved.team_id)), owner((ADA, resolved.team_id))), None);
    }

    #[test]
    fn what_was_escalated_stays_in_its_team_and_whoever_loses_the_session_loses_it() {
        let [noted, escalated] = tickets(owner((BOB, SECOND)));
        let (from, to) = (owner((BOB, SECOND)), owner((None, FIRST)));
        assert_eq!(noted.goes_along(from, to), Some(to));
        assert_eq!(escalated.goes_along(from, to), Some(owner((None, SECOND))));
        let [_, waiting] = tickets(owner((None, SECOND)));
        assert_eq!(waiting.goes_along(to, owner((ADA, FIRST))), None, "it is for others");
        let [left, kept] = tickets(owner((None, SECOND)));
        let nobody = owner((None, None));
        assert_eq!(left.goes_along(owner((None, SECOND)), nobody), Some(nobody));
        assert_eq!(kept.goes_along(owner((None, SECOND)), nobody), None, "its team has it still");
        let [_, personal] = tickets(owner((EVE, None)));
        assert_eq!(personal.goes_along(owner((EVE, None)), to), Some(to), "no team has it");
    }

    #[test]
    fn whoever_gets_it_is_on_it_and_what_waits_waits_on() {
        use TicketStatus::{InProgress, OnHold, Open, Waiting};
        for (status, taken, left) in [
            (Open, InProgress, Open),
            (InProgress, InProgress, Open),
            (Waiting, Waiting, Waiting),
            (OnHold, OnHold, OnHold),
        ] {
            let mut one = ticket();
            for (agent_id, expected) in [(ADA, taken), (None, left)] {
                one.stand(status);
                one.change_owner(Owner { agent_id, team_id: SECOND });
                assert_eq!((one.status, one.assignee_id, one.team_id), (expected, agent_id, SECOND));
            }
        }
        let [mut noted, _] = tickets(owner((ADA, FIRST)));
        noted.change_owner(owner((ADA, SECOND)));
        assert_eq!((noted.status, noted.team_id), (Open, SECOND), "she has not begun, whatever team it is for");
    }

    #[test]
    fn it_is_up_to_its_agent_and_without_one_to_its_team() {
        let [one, _] = tickets(owner((ADA, SECOND)));
        assert!(one.is_up_to(AgentId(7), &[]) && !one.is_up_to(AgentId(8), &[TeamId(2)]));
        let [one, _] = tickets(owner((None, SECOND)));
        assert!(one.is_up_to(AgentId(8), &[TeamId(1), TeamId(2)]) && !one.is_up_to(AgentId(8), &[TeamId(1)]));
    }

    #[test]
    fn who_has_an_escalated_ticket_answers_unless_the_session_itself_went_to_others() {
        const EARLIER: SessionId = SessionId(1);
        const PRESENT: SessionId = SessionId(2);
        let answers = |tickets: &[Ticket]| Ticket::has_answer(tickets, PRESENT, AgentId(7), &[TeamId(2)]);
        let of = |session_id: SessionId, whose| tickets(owner(whose)).map(|ticket| Ticket { session_id, ..ticket });
        let [noted, hers] = of(EARLIER, (ADA, None));
        let [_, her_teams] = of(EARLIER, (None, SECOND));
        assert!(!answers(&[]) && !answers(&[Ticket { kind: TicketKind::Complaint, ..noted }]));
        assert!(answers(std::slice::from_ref(&hers)) && answers(&[her_teams]));
        let [_, others] = of(PRESENT, (EVE, None));
        assert!(!answers(&[hers.clone(), others.clone()]));
        let mut resolved = others;
        resolved.resolve("done".to_owned(), Time::UNIX_EPOCH);
        assert!(answers(&[hers, resolved]));
    }

    proptest! {
        #[test]
        fn what_nobody_else_was_chosen_for_is_whose_its_session_is(
            hands in proptest::collection::vec((proptest::option::of(1..4_i64), proptest::option::of(1..4_i64)), 1..9),
        ) {
            let mut hands = hands.into_iter().map(|(agent, team)| owner((agent.map(AgentId), team.map(TeamId))));
            let mut from = hands.next().unwrap();
            let [mut one, _] = tickets(from);
            for to in hands {
                if let Some(owner) = one.goes_along(from, to) {
                    one.change_owner(owner);
                }
                prop_assert_eq!(one.owner(), to);
                from = to;
            }
        }
    }
}
