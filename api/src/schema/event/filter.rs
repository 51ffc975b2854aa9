//! Which events a subscriber is told of.

use async_graphql::{Enum, ID, InputObject};
use desk::event::Occurrence;
use domain::filter::{FILTER_VALUES, FilterRefusal};
use domain::{AgentId, EventKind, SessionId, TicketId};

use crate::schema::comparator::{Comparator, OptionalIdComparator};
use crate::schema::error::{Failure, Result, sentence};
use crate::transport::ErrorCode;

/// A kind of event: the name of its type in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SessionEventKind {
    /// A message came in or was written.
    MessageAdded,
    /// A message or its delivery changed.
    MessageUpdated,
    /// A message is gone.
    MessageRemoved,
    /// A session started.
    SessionOpened,
    /// A session changed.
    SessionUpdated,
    /// A session is gone, or no longer meets the filter.
    SessionRemoved,
}

impl From<SessionEventKind> for EventKind {
    fn from(kind: SessionEventKind) -> Self {
        match kind {
            SessionEventKind::MessageAdded => Self::MessageAdded,
            SessionEventKind::MessageUpdated => Self::MessageUpdated,
            SessionEventKind::MessageRemoved => Self::MessageRemoved,
            SessionEventKind::SessionOpened => Self::SessionOpened,
            SessionEventKind::SessionUpdated => Self::SessionUpdated,
            SessionEventKind::SessionRemoved => Self::SessionRemoved,
        }
    }
}

/// Which events to tell of: those for which everything holds that is given here. What is left out or null is no
/// condition. `ResyncRequired` is always told.
#[derive(InputObject)]
pub(crate) struct SessionEventFilter {
    /// The session that the event is about.
    session_id: Option<Comparator<ID>>,
    /// The agent who has the session after the event or, of `SessionRemoved`, had it before. Of an event about a message that
    /// is who had it right then; of one about the session itself who has it in `session`, which may be as it is after a later
    /// event. An event by which a session that you still see goes from this agent is told as `SessionRemoved`, with the
    /// session, so that whoever keeps a list of an agent's sessions takes it out.
    assignee_id: Option<OptionalIdComparator>,
    /// The kinds of the events, as they are told. An empty list lets nothing through.
    kinds: Option<Vec<SessionEventKind>>,
}

impl SessionEventFilter {
    /// The condition with the ids read.
    pub(crate) fn condition(self) -> Result<Condition> {
        let is_assigned = self.assignee_id.as_ref().and_then(|assignee| assignee.is_null).map(|is_null| !is_null);
        let condition = Condition {
            sessions: self.session_id.map_or(Ok(Vec::new()), Comparator::id_lists)?,
            tickets: Vec::new(),
            assignees: self.assignee_id.map_or(Ok(Vec::new()), OptionalIdComparator::id_lists)?,
            is_assigned,
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(EventKind::from).collect()),
            about: About::Sessions,
        };
        condition.checked()
    }
}

/// What of an event is for a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concern {
    /// The event itself.
    Event,
    /// That the session, which they still see, no longer meets their condition.
    SessionOut,
}

/// Which events one subscriber wants.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    sessions: Vec<Vec<SessionId>>,
    tickets: Vec<Vec<TicketId>>,
    assignees: Vec<Vec<AgentId>>,
    is_assigned: Option<bool>,
    kinds: Option<Vec<EventKind>>,
    about: About,
}

/// What the subscriber follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum About {
    /// Sessions and what is written in them.
    #[default]
    Sessions,
    /// Tickets.
    Tickets,
    /// Clocks of service levels.
    Clocks,
    /// To-dos.
    Todos,
    /// How far they see, of which they are told whatever they follow.
    Sight,
}

impl About {
    /// What an event of a kind is about.
    const fn of(kind: EventKind) -> Self {
        match kind {
            EventKind::MessageAdded
            | EventKind::MessageUpdated
            | EventKind::MessageRemoved
            | EventKind::SessionOpened
            | EventKind::SessionUpdated
            | EventKind::SessionRemoved => Self::Sessions,
            EventKind::TicketOpened | EventKind::TicketUpdated | EventKind::TicketRemoved => Self::Tickets,
            EventKind::SlaClockUpdated => Self::Clocks,
            EventKind::TodoUpdated => Self::Todos,
            EventKind::SightChanged => Self::Sight,
        }
    }
}

impl Condition {
    /// What is about some of these sessions, about some of these tickets and of these kinds.
    pub(crate) fn of_tickets(
        sessions: Vec<Vec<SessionId>>,
        tickets: Vec<Vec<TicketId>>,
        kinds: Option<Vec<EventKind>>,
    ) -> Result<Self> {
        Self { sessions, tickets, kinds, about: About::Tickets, ..Self::default() }.checked()
    }

    /// The condition, unless it has too many values.
    fn checked(self) -> Result<Self> {
        let sessions = self.sessions.iter().map(Vec::len).chain(self.tickets.iter().map(Vec::len));
        if sessions.chain(self.assignees.iter().map(Vec::len)).max() > Some(FILTER_VALUES) {
            return Err(Failure::new(ErrorCode::InvalidArgument, sentence(FilterRefusal::TooManyValues)));
        }
        Ok(self)
    }

    /// Only the kinds that are about messages, and the end of the session for the subscriber.
    pub(crate) fn messages() -> Self {
        let kinds = vec![
            EventKind::MessageAdded,
            EventKind::MessageUpdated,
            EventKind::MessageRemoved,
            EventKind::SessionRemoved,
        ];
        Self { kinds: Some(kinds), ..Self::default() }
    }

    /// Only what happens to clocks of service levels.
    pub(crate) fn clocks() -> Self {
        Self { about: About::Clocks, ..Self::default() }
    }

    /// Only what happens to to-dos.
    pub(crate) fn todos() -> Self {
        Self { about: About::Todos, ..Self::default() }
    }

    /// What of an event is for the subscriber, if anything is. All that can change about a session and that a condition
    /// asks for is its agent, and the event itself knows who that was before.
    pub(crate) fn concern(&self, occurrence: &Occurrence) -> Option<Concern> {
        let event = &occurrence.event;
        if About::of(event.kind) != self.about {
            return None;
        }
        if !self.sessions.iter().all(|sessions| sessions.contains(&event.session_id)) {
            return None;
        }
        let is_about = |tickets: &Vec<TicketId>| event.ticket.as_ref().is_some_and(|one| tickets.contains(&one.id));
        if !self.tickets.iter().all(is_about) {
            return None;
        }
        let before = event.audience_before.as_ref();
        if self.is_for(assignee(occurrence)) {
            return self.wants(event.kind).then_some(Concern::Event);
        }
        let is_out = before.is_some_and(|before| self.is_for(before.assignee_id));
        (is_out && self.wants(EventKind::SessionRemoved)).then_some(Concern::SessionOut)
    }

    /// Whether it is for sessions that this agent has or, without one, nobody.
    fn is_for(&self, assignee: Option<AgentId>) -> bool {
        self.assignees.iter().all(|agents| assignee.is_some_and(|agent| agents.contains(&agent)))
            && self.is_assigned.is_none_or(|is_assigned| assignee.is_some() == is_assigned)
    }

    fn wants(&self, kind: EventKind) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }
}

/// The agent whose event it is. A message is for whoever had the session right after it was written, also when it is told
/// later; a session for whoever has it as it is told, and without it for whoever had it before.
fn assignee(occurrence: &Occurrence) -> Option<AgentId> {
    let event = &occurrence.event;
    match (&occurrence.session, &event.audience_before) {
        (None, Some(before)) => before.assignee_id,
        _ if event.message_id.is_some() => event.audience.assignee_id,
        (session, _) => session.as_ref().and_then(|session| session.assignee_id),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use desk::event::Occurrence;
    use domain::{AgentId, Audience, CustomerId, Event, EventKind, Position, ProjectId, SessionId};

    use super::{Concern, Condition};

    fn occurrence(kind: EventKind, session: i64) -> Occurrence {
        let event = Event {
            position: Position::START,
            project_id: ProjectId(1),
            kind,
            session_id: SessionId(session),
            customer_id: CustomerId(1),
            message_id: None,
            ticket: None,
            clock_id: None,
            todo_id: None,
            cause: "VIEWED".to_owned(),
            at: DateTime::UNIX_EPOCH,
            audience: Audience::default(),
            audience_before: None,
        };
        Occurrence::bare(event)
    }

    #[test]
    fn everything_that_is_given_has_to_hold() {
        let opened = occurrence(EventKind::SessionOpened, 7);
        let lets = |condition: Condition| condition.concern(&opened) == Some(Concern::Event);
        assert!(lets(Condition::default()));
        assert!(!lets(Condition::messages()));
        assert!(!lets(Condition::clocks()));
        let of_clock = occurrence(EventKind::SlaClockUpdated, 7);
        assert_eq!(Condition::clocks().concern(&of_clock), Some(Concern::Event));
        assert_eq!(Condition::default().concern(&of_clock), None);
        let of_todo = occurrence(EventKind::TodoUpdated, 7);
        assert_eq!(Condition::todos().concern(&of_todo), Some(Concern::Event));
        assert_eq!(Condition::default().concern(&of_todo), None);
        assert!(lets(Condition { kinds: Some(vec![EventKind::SessionOpened]), ..Condition::default() }));
        assert!(!lets(Condition { kinds: Some(Vec::new()), ..Condition::default() }));
        assert!(lets(Condition { sessions: vec![vec![SessionId(7), SessionId(8)]], ..Condition::default() }));
        assert!(!lets(Condition { sessions: vec![vec![SessionId(7)], vec![SessionId(8)]], ..Condition::default() }));
        assert!(lets(Condition { is_assigned: Some(false), ..Condition::default() }));
        assert!(!lets(Condition { assignees: vec![vec![AgentId(1)]], ..Condition::default() }));
    }
}
