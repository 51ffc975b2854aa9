//! Where an escalation goes.

use crate::trigger::Level;
use crate::{AgentId, Session, TeamId, Ticket};

/// Where an escalation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EscalationTarget {
    /// To a team, in which it stays.
    Team(TeamId),
    /// Straight to an administrator.
    Administrator {
        /// Who.
        agent_id: AgentId,
        /// The team that owns it from then on, if one does.
        team_id: Option<TeamId>,
    },
    /// To an agent whom the project names for it.
    Agent(AgentId),
}

impl EscalationTarget {
    /// The agent and the team that get it.
    pub const fn parties(self) -> (Option<AgentId>, Option<TeamId>) {
        match self {
            Self::Team(team) => (None, Some(team)),
            Self::Administrator { agent_id, team_id } => (Some(agent_id), team_id),
            Self::Agent(agent_id) => (Some(agent_id), None),
        }
    }

    /// The one that these parties make up, of whom the agent was chosen as an administrator or was named. Nothing if there
    /// are none.
    pub const fn of(agent: Option<AgentId>, team: Option<TeamId>, to_administrators: bool) -> Option<Self> {
        match (agent, team) {
            (Some(agent_id), team_id) if to_administrators => Some(Self::Administrator { agent_id, team_id }),
            (_, Some(team)) => Some(Self::Team(team)),
            (Some(agent), None) => Some(Self::Agent(agent)),
            (None, None) => None,
        }
    }

    /// Whether it goes to people whom somebody chose, rather than to whoever of a team is there. Such a session never waits
    /// in line, where others would see it and could take it.
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::Team(_))
    }

    /// Whether a session that was escalated there is still for those who got it: nobody has handed it to another team since.
    /// Administrators keep it even if their team is deleted.
    pub fn holds(self, session: &Session) -> bool {
        session.team_id == self.parties().1 || (self.is_personal() && session.team_id.is_none())
    }

    /// Whether a ticket that was escalated is there already. Of a team it is there whoever of them works on it.
    pub fn has(self, ticket: &Ticket) -> bool {
        let is_there = match self {
            Self::Team(team) => ticket.team_id == Some(team),
            Self::Administrator { .. } | Self::Agent(_) => (ticket.assignee_id, ticket.team_id) == self.parties(),
        };
        ticket.escalated_at.is_some() && is_there
    }
}

/// The highest level to which a ticket needs no escalation any more: it was escalated so high, or is on a line beyond.
pub fn reached(ticket: &Ticket) -> Option<Level> {
    let is_reached = |level: &Level| match ticket.escalated_at {
        Some(_) => level.line() <= ticket.line,
        None => level.line() < ticket.line,
    };
    Level::ALL.iter().copied().filter(is_reached).max()
}

/// Why something cannot be escalated so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetRefusal {
    /// It is on a higher line already.
    #[error("the ticket is on a higher line already: escalations go up, level by level")]
    TooLow,
    /// It is done.
    #[error("the ticket is resolved: open it again first")]
    Resolved,
}

/// Checks that a ticket can go to a level: it goes up, or to another team of the line that it is on.
pub fn check_level(ticket: &Ticket, level: Level) -> Result<(), TargetRefusal> {
    if !ticket.is_open() {
        return Err(TargetRefusal::Resolved);
    }
    if ticket.line > level.line() { Err(TargetRefusal::TooLow) } else { Ok(()) }
}

/// An administrator who could take an escalation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Administrator {
    /// Who.
    pub agent_id: AgentId,
    /// Whether they are there.
    pub is_present: bool,
    /// How many sessions they have that need work.
    pub load: u32,
}

/// The administrator who gets an escalation: one who is there before one who is not, of those the one with the least
/// work, and of these the one who has been there for longest. Whoever hands it on does not get it back, unless nobody else
/// is there.
pub fn choose_administrator(among: &[Administrator], but: Option<AgentId>) -> Option<AgentId> {
    let rank = |one: &&Administrator| (Some(one.agent_id) == but, !one.is_present, one.load, one.agent_id);
    among.iter().min_by_key(rank).map(|one| one.agent_id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::tests::{noon, session_at};
    use crate::ticket::tests::ticket;

    #[test]
    fn what_people_hand_to_another_team_is_for_that_one_from_then_on() {
        let holds = |target: EscalationTarget, team: Option<i64>| {
            let mut session = session_at(noon());
            session.team_id = team.map(TeamId);
            target.holds(&session)
        };
        let of_team = EscalationTarget::Team(TeamId(1));
        assert_eq!([Some(1), Some(2), None].map(|team| holds(of_team, team)), [true, false, false]);
        let boss = EscalationTarget::Administrator { agent_id: AgentId(1), team_id: Some(TeamId(1)) };
        assert_eq!([Some(1), Some(2), None].map(|team| holds(boss, team)), [true, false, true]);
        let named = EscalationTarget::Agent(AgentId(1));
        assert_eq!([Some(1), None].map(|team| holds(named, team)), [false, true]);
    }

    #[test]
    fn what_a_team_has_it_has_whoever_of_them_works_on_it() {
        let has = |target: EscalationTarget, assignee: Option<i64>, team: Option<i64>| {
            target.has(&Ticket { assignee_id: assignee.map(AgentId), team_id: team.map(TeamId), ..ticket() })
        };
        let of_team = EscalationTarget::Team(TeamId(1));
        assert!(has(of_team, None, Some(1)) && has(of_team, Some(5), Some(1)) && !has(of_team, None, Some(2)));
        let boss = EscalationTarget::Administrator { agent_id: AgentId(5), team_id: Some(TeamId(1)) };
        assert!(has(boss, Some(5), Some(1)) && !has(boss, Some(6), Some(1)) && !has(boss, None, Some(1)));
        assert!(!of_team.has(&Ticket { team_id: Some(TeamId(1)), escalated_at: None, ..ticket() }));
    }

    #[test]
    fn it_goes_up_or_to_another_team_of_the_line() {
        let on_line = |line| Ticket { line, ..ticket() };
        assert_eq!(check_level(&on_line(1), Level::Third), Ok(()));
        assert_eq!(check_level(&on_line(2), Level::Second), Ok(()));
        assert_eq!(check_level(&on_line(3), Level::Second), Err(TargetRefusal::TooLow));
        let mut resolved = on_line(1);
        resolved.resolve("done".to_owned(), crate::Time::UNIX_EPOCH);
        assert_eq!(check_level(&resolved, Level::Second), Err(TargetRefusal::Resolved));
    }

    #[test]
    fn a_ticket_is_as_high_as_it_was_escalated_or_beyond_the_lines_below_its_own() {
        let at = |line, escalated_at| reached(&Ticket { line, escalated_at, ..ticket() });
        let escalated = Some(crate::Time::UNIX_EPOCH);
        assert_eq!([at(1, None), at(2, None), at(3, None)], [None, None, Some(Level::Second)]);
        assert_eq!([at(2, escalated), at(3, escalated)], [Some(Level::Second), Some(Level::Third)]);
    }

    #[test]
    fn who_is_there_and_has_the_least_work_gets_it() {
        let one = |agent, is_present, load| Administrator { agent_id: AgentId(agent), is_present, load };
        assert_eq!(choose_administrator(&[], None), None);
        let among = [one(1, false, 0), one(2, true, 5), one(3, true, 4), one(4, true, 4)];
        assert_eq!(choose_administrator(&among, None), Some(AgentId(3)));
        assert_eq!(choose_administrator(&among, Some(AgentId(3))), Some(AgentId(4)));
        assert_eq!(choose_administrator(&among[..1], Some(AgentId(1))), Some(AgentId(1)), "nobody else is there");
    }

    proptest! {
        #[test]
        fn a_target_is_what_its_parties_make_up(
            agent_id in (1..9_i64).prop_map(AgentId),
            team in (1..9_i64).prop_map(TeamId),
            team_id in proptest::option::of((1..9_i64).prop_map(TeamId)),
        ) {
            let targets = [
                EscalationTarget::Team(team),
                EscalationTarget::Administrator { agent_id, team_id },
                EscalationTarget::Agent(agent_id),
            ];
            for target in targets {
                let (agent, team) = target.parties();
                let to_administrators = matches!(target, EscalationTarget::Administrator { .. });
                prop_assert_eq!(EscalationTarget::of(agent, team, to_administrators), Some(target));
                prop_assert_eq!(target.is_personal(), agent.is_some());
            }
            prop_assert_eq!(EscalationTarget::of(None, None, false), None);
        }

        #[test]
        fn somebody_gets_it_wherever_there_is_somebody(
            among in proptest::collection::vec((1..9_i64, any::<bool>(), 0..9_u32), 0..9),
            but in proptest::option::of(1..9_i64),
        ) {
            let among: Vec<Administrator> = among
                .into_iter()
                .map(|(agent, is_present, load)| Administrator { agent_id: AgentId(agent), is_present, load })
                .collect();
            let chosen = choose_administrator(&among, but.map(AgentId));
            prop_assert_eq!(chosen.is_some(), !among.is_empty());
            let others_are_there = among.iter().any(|one| Some(one.agent_id) != but.map(AgentId));
            prop_assert!(!others_are_there || chosen != but.map(AgentId) || chosen.is_none());
        }
    }
}
