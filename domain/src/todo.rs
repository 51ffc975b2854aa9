//! To-dos: what is owed to customers, with the time at which it is due and somebody who sees to it.

use chrono::Duration;

use crate::session::Transfer;
use crate::text::without_nul;
use crate::{AgentId, CustomerId, ProjectId, Session, SessionId, Sight, TeamId, Time, TodoId, named_enum};

/// The longest text, in characters.
pub const TODO_CHARACTERS: usize = 500;
/// How far ahead something can be due.
pub const FARTHEST_DUE: Duration = Duration::days(366);
/// How many to-dos can be open in one session.
pub const MOST_OPEN: i64 = 50;
/// From when on after a resolution the customer is asked whether all is well.
pub const RETURN_VISIT_FROM: Duration = Duration::hours(24);
/// Until when.
pub const RETURN_VISIT_UNTIL: Duration = Duration::hours(48);

named_enum! {
    /// What is owed.
    pub enum TodoKind {
        /// To ask the customer whether all is well, some time after it was resolved.
        ReturnVisit = "RETURN_VISIT",
        /// What somebody has promised the customer.
        Promise = "PROMISE",
        /// What hangs on a third party.
        ThirdParty = "THIRD_PARTY",
    }
}

named_enum! {
    /// What became of it.
    pub enum TodoState {
        /// It is to be done.
        Open = "OPEN",
        /// It is done.
        Done = "DONE",
        /// It is not to be done any more: the session has gone on before its return visit, or the customer was erased.
        Cancelled = "CANCELLED",
    }
}

/// Who sees to something: an agent, a team, or whoever sees the session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owner {
    /// The agent.
    pub agent_id: Option<AgentId>,
    /// The team.
    pub team_id: Option<TeamId>,
}

/// Something that is owed to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// The identifier.
    pub id: TodoId,
    /// The project.
    pub project_id: ProjectId,
    /// The session in which it came up. It stays with that one, whoever gets it.
    pub session_id: SessionId,
    /// The customer.
    pub customer_id: CustomerId,
    /// What is owed.
    pub kind: TodoKind,
    /// What there is to say about it. May be empty.
    pub text: String,
    /// From when on it can be done; empty for any time.
    pub due_from: Option<Time>,
    /// Until when it is to be done.
    pub due_at: Time,
    /// The agent who sees to it.
    pub agent_id: Option<AgentId>,
    /// The team that sees to it.
    pub team_id: Option<TeamId>,
    /// What became of it.
    pub state: TodoState,
    /// When it was done or given up.
    pub settled_at: Option<Time>,
    /// Who did it or gave it up; empty for the desk itself.
    pub settled_by: Option<AgentId>,
    /// When whoever sees to it was last reminded.
    pub reminded_at: Option<Time>,
    /// Who noted it; empty for the desk itself.
    pub created_by: Option<AgentId>,
    /// Grows with each change.
    pub version: i64,
    /// When it was noted.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// Why something cannot be noted so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TodoContentRefusal {
    /// It is longer than [`TODO_CHARACTERS`].
    #[error("the text is longer than {TODO_CHARACTERS} characters: shorten it, or write a private note besides")]
    TooLong,
    /// It says nothing, and its kind does not either.
    #[error("say what is owed: give a text")]
    Empty,
    /// It is due before it is noted.
    #[error("the time at which it is due has passed: give a later one")]
    DuePast,
    /// It is due later than [`FARTHEST_DUE`] from now.
    #[error("the time at which it is due is more than 366 days ahead: give an earlier one")]
    DueTooFar,
    /// It can be done only once it is overdue.
    #[error("`dueFrom` is after `dueAt`: give an earlier one")]
    DueFromAfterDue,
}

/// Reads what there is to say about something that is owed.
pub fn parse_text(kind: TodoKind, text: &str) -> Result<String, TodoContentRefusal> {
    let text = without_nul(text).trim().to_owned();
    if text.chars().count() > TODO_CHARACTERS {
        return Err(TodoContentRefusal::TooLong);
    }
    if text.is_empty() && kind != TodoKind::ReturnVisit { Err(TodoContentRefusal::Empty) } else { Ok(text) }
}

/// Checks between which times something is due.
pub fn check_due(due_from: Option<Time>, due_at: Time, now: Time) -> Result<(), TodoContentRefusal> {
    if due_at <= now {
        return Err(TodoContentRefusal::DuePast);
    }
    if due_at - now > FARTHEST_DUE {
        return Err(TodoContentRefusal::DueTooFar);
    }
    if due_from.is_some_and(|due_from| due_from > due_at) {
        return Err(TodoContentRefusal::DueFromAfterDue);
    }
    Ok(())
}

/// Between which times the customer of a session that was resolved is asked whether all is well.
pub fn return_visit_window(resolved_at: Time) -> (Time, Time) {
    (resolved_at + RETURN_VISIT_FROM, resolved_at + RETURN_VISIT_UNTIL)
}

impl Todo {
    /// Whether it is to be done.
    pub fn is_open(&self) -> bool {
        self.state == TodoState::Open
    }

    /// When whoever sees to it is first reminded: once it can be done or, where it can be done at any time, once it is due.
    pub fn remind_at(&self) -> Time {
        self.due_from.unwrap_or(self.due_at)
    }

    /// When whoever sees to it is reminded next: at first as above, and once more when the time for it ends. Nothing if it is
    /// not to be done any more, or they were reminded of all of it.
    pub fn next_reminder(&self) -> Option<Time> {
        let is_to_come = |at: &Time| self.reminded_at.is_none_or(|reminded_at| reminded_at < *at);
        [self.remind_at(), self.due_at].into_iter().find(is_to_come).filter(|_| self.is_open())
    }

    /// Whether there was time for it, which has passed.
    pub fn is_overdue(&self, now: Time) -> bool {
        self.is_open() && self.due_from.is_some_and(|due_from| due_from < self.due_at) && now >= self.due_at
    }

    /// Who sees to it.
    pub fn owner(&self) -> Owner {
        Owner { agent_id: self.agent_id, team_id: self.team_id }
    }

    /// The agent and the team that see to it: those who have its session, if nobody in particular does.
    pub fn seen_to_by(&self, session: &Session) -> (Option<AgentId>, Option<TeamId>) {
        match (self.agent_id, self.team_id) {
            (None, None) => (session.assignee_id, session.team_id),
            owner => owner,
        }
    }

    /// Whether it is for somebody who sees so far to see to it.
    pub fn is_owned_by(&self, sight: &Sight) -> bool {
        match sight {
            Sight::Everything => true,
            Sight::Own { agent_id, team_ids } => {
                self.agent_id == Some(*agent_id) || self.team_id.is_some_and(|team| team_ids.contains(&team))
            }
        }
    }

    /// Its session goes from an agent who sees to it into other hands: whoever has it from then on sees to it. A return visit
    /// stays where it is, whoever has the session. Answers whether somebody else sees to it now.
    pub fn go_along(&mut self, from: AgentId, to: Owner) -> bool {
        if self.kind == TodoKind::ReturnVisit || self.owner() != (Owner { agent_id: Some(from), team_id: None }) {
            return false;
        }
        self.change_owner(to);
        true
    }

    /// Somebody else sees to it from now on, who has not been reminded.
    pub fn change_owner(&mut self, to: Owner) {
        (self.agent_id, self.team_id) = (to.agent_id, to.team_id);
        self.reminded_at = None;
    }

    /// It is done, or not to be done any more.
    pub fn settle(&mut self, state: TodoState, by: Option<AgentId>, now: Time) {
        self.state = state;
        self.settled_at = Some(now);
        self.settled_by = by;
        self.updated_at = now;
    }
}

/// Who visits a customer again: the first line that had the session, whoever resolved it. `transfers` are those of the
/// session, oldest first; `first_line` are the teams of the first line, and `teams_of` tells the teams of an agent.
pub fn return_visitor(
    session: &Session,
    resolver: Option<AgentId>,
    transfers: &[Transfer],
    first_line: &[TeamId],
    teams_of: impl Fn(AgentId) -> Vec<TeamId>,
) -> Owner {
    let hands = transfers.iter().flat_map(|transfer| {
        [(transfer.from_agent_id, transfer.from_team_id), (transfer.to_agent_id, transfer.to_team_id)]
    });
    let hands: Vec<(Option<AgentId>, Option<TeamId>)> =
        hands.chain([(session.assignee_id.or(resolver), session.team_id)]).collect();
    let of_first_line = |(agent, team): &(Option<AgentId>, Option<TeamId>)| {
        let of_agent = || agent.and_then(|agent| teams_of(agent).into_iter().find(|team| first_line.contains(team)));
        team.filter(|team| first_line.contains(team)).or_else(of_agent)
    };
    if let Some(team) = hands.iter().find_map(of_first_line) {
        return Owner { agent_id: None, team_id: Some(team) };
    }
    // Where nobody of the first line had it, the one who had it first knows the customer best.
    Owner { agent_id: hands.iter().find_map(|(agent, _)| *agent), team_id: None }
}

/// Which to-dos are asked for: what is given has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TodoFilter {
    /// The agent who sees to it is in every one of these lists.
    pub agents: Vec<Vec<AgentId>>,
    /// Whether an agent sees to it at all.
    pub has_agent: Option<bool>,
    /// The team that sees to it is in every one of these lists.
    pub teams: Vec<Vec<TeamId>>,
    /// Whether a team sees to it at all.
    pub has_team: Option<bool>,
    /// Its kind is in every one of these lists.
    pub kinds: Vec<Vec<TodoKind>>,
    /// What became of it is in every one of these lists.
    pub states: Vec<Vec<TodoState>>,
    /// The session in which it came up is in every one of these lists.
    pub sessions: Vec<Vec<SessionId>>,
    /// It is due at this time or later.
    pub due_since: Option<Time>,
    /// It is due before this time.
    pub due_before: Option<Time>,
}

/// The place of a to-do in a list, which has those first that are due first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TodoKey {
    /// When it is due, in microseconds since 1970.
    pub micros: i64,
    /// The identifier.
    pub id: i64,
}

impl TodoKey {
    /// The place of a to-do.
    pub fn of(todo: &Todo) -> Self {
        Self { micros: todo.due_at.timestamp_micros(), id: todo.id.0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::TransferId;
    use crate::session::TransferKind;
    use crate::session::tests::{noon, session_at};

    const FIRST: TeamId = TeamId(1);
    const SECOND: TeamId = TeamId(2);

    type Hands = (Option<AgentId>, Option<TeamId>);

    fn transfer(from: Hands, to: Hands) -> Transfer {
        Transfer {
            id: TransferId(1),
            session_id: SessionId(1),
            session_version: 1,
            kind: TransferKind::Transfer,
            from_agent_id: from.0,
            from_team_id: from.1,
            to_agent_id: to.0,
            to_team_id: to.1,
            description: String::new(),
            by_agent_id: None,
            at: noon(),
        }
    }

    #[test]
    fn the_return_visit_belongs_to_the_first_line_whoever_solved_it() {
        let (ann, bob) = (AgentId(7), AgentId(8));
        let teams_of = |agent| if agent == ann { vec![SECOND, FIRST] } else { vec![SECOND] };
        let of_team = Owner { agent_id: None, team_id: Some(FIRST) };
        let mut session = session_at(noon());
        session.assignee_id = Some(bob);
        session.team_id = Some(SECOND);
        let from_team = transfer((None, Some(FIRST)), (None, Some(SECOND)));
        assert_eq!(return_visitor(&session, Some(bob), &[from_team], &[FIRST], teams_of), of_team);
        let from_agent = transfer((Some(ann), None), (None, Some(SECOND)));
        assert_eq!(return_visitor(&session, Some(bob), std::slice::from_ref(&from_agent), &[FIRST], teams_of), of_team);
        let nobody_of_it = return_visitor(&session, Some(bob), &[from_agent], &[], teams_of);
        assert_eq!(nobody_of_it, Owner { agent_id: Some(ann), team_id: None });
        let never_moved = return_visitor(&session_at(noon()), Some(bob), &[], &[FIRST], teams_of);
        assert_eq!(never_moved, Owner { agent_id: Some(bob), team_id: None });
        assert_eq!(return_visitor(&session_at(noon()), None, &[], &[FIRST], teams_of), Owner::default());
    }

    fn todo(due_from: Option<Time>, due_at: Time) -> Todo {
        Todo {
            id: TodoId(1),
            project_id: ProjectId(1),
            session_id: SessionId(1),
            customer_id: CustomerId(1),
            kind: TodoKind::Promise,
            text: "call back".to_owned(),
            due_from,
            due_at,
            agent_id: Some(AgentId(7)),
            team_id: None,
            state: TodoState::Open,
            settled_at: None,
            settled_by: None,
            reminded_at: None,
            created_by: Some(AgentId(7)),
            version: 1,
            created_at: noon(),
            updated_at: noon(),
        }
    }

    #[test]
    fn who_sees_to_something_is_reminded_when_it_can_be_done_and_when_the_time_for_it_ends() {
        let (from, until) = return_visit_window(noon());
        let mut visit = todo(Some(from), until);
        assert_eq!((visit.next_reminder(), visit.is_overdue(from)), (Some(from), false));
        visit.reminded_at = Some(from + Duration::minutes(1));
        assert_eq!((visit.next_reminder(), visit.is_overdue(until)), (Some(until), true));
        visit.reminded_at = Some(until);
        assert_eq!(visit.next_reminder(), None);
        visit.reminded_at = None;
        visit.settle(TodoState::Done, None, from);
        assert_eq!((visit.next_reminder(), visit.is_overdue(until)), (None, false));

        let mut promise = todo(None, until);
        assert_eq!((promise.next_reminder(), promise.is_overdue(until)), (Some(until), false));
        promise.reminded_at = Some(until);
        assert_eq!(promise.next_reminder(), None);
    }

    #[test]
    fn what_is_owed_goes_along_with_its_session_from_the_agent_who_had_both() {
        let (ann, bob) = (AgentId(7), AgentId(8));
        let to = Owner { agent_id: Some(bob), team_id: None };
        let mut promise = Todo { reminded_at: Some(noon()), ..todo(None, noon()) };
        assert!(!promise.clone().go_along(bob, to), "it is hers");
        assert!(promise.go_along(ann, to));
        assert_eq!((promise.owner(), promise.reminded_at), (to, None));
        let mut of_team = Todo { agent_id: None, team_id: Some(FIRST), ..todo(None, noon()) };
        assert!(!of_team.go_along(ann, to));
        let mut visit = Todo { kind: TodoKind::ReturnVisit, ..todo(None, noon()) };
        assert!(!visit.go_along(ann, to));
    }

    #[test]
    fn what_is_owed_is_said_in_few_words() {
        assert_eq!(parse_text(TodoKind::Promise, " call\0 back "), Ok("call back".to_owned()));
        assert_eq!(parse_text(TodoKind::Promise, " "), Err(TodoContentRefusal::Empty));
        assert_eq!(parse_text(TodoKind::ReturnVisit, ""), Ok(String::new()));
        assert_eq!(parse_text(TodoKind::ThirdParty, &"é".repeat(501)), Err(TodoContentRefusal::TooLong));
    }

    #[test]
    fn nothing_is_due_before_it_is_noted_or_can_be_done() {
        let hour = Duration::hours(1);
        assert_eq!(check_due(None, noon() + hour, noon()), Ok(()));
        assert_eq!(check_due(Some(noon() + hour), noon() + hour, noon()), Ok(()));
        assert_eq!(check_due(None, noon(), noon()), Err(TodoContentRefusal::DuePast));
        assert_eq!(check_due(None, noon() + FARTHEST_DUE + hour, noon()), Err(TodoContentRefusal::DueTooFar));
        let after = check_due(Some(noon() + hour * 2), noon() + hour, noon());
        assert_eq!(after, Err(TodoContentRefusal::DueFromAfterDue));
    }

    proptest! {
        #[test]
        fn reminders_come_to_an_end(from in proptest::option::of(0..999_i64), for_seconds in 0..999_i64, late in 0..999_i64) {
            let at = |seconds| noon() + Duration::seconds(seconds);
            let mut todo = todo(from.map(at), at(from.unwrap_or_default() + for_seconds));
            let mut times = 0;
            while let Some(reminder) = todo.next_reminder() {
                prop_assert!(todo.reminded_at.is_none_or(|before| before < reminder));
                todo.reminded_at = Some(reminder + Duration::seconds(late));
                times += 1;
            }
            prop_assert!((1..=2).contains(&times));
        }

        #[test]
        fn a_return_visit_is_a_day_after_the_resolution_and_lasts_a_day(seconds in 0..100 * 366 * 24 * 3600_i64) {
            let resolved_at = noon() + Duration::seconds(seconds);
            let (from, until) = return_visit_window(resolved_at);
            prop_assert_eq!(from - resolved_at, Duration::hours(24));
            prop_assert_eq!(until - resolved_at, Duration::hours(48));
            prop_assert_eq!(check_due(Some(from), until, resolved_at), Ok(()));
        }
    }
}
