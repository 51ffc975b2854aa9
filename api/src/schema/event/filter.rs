//! Which events a subscriber is told of.

use async_graphql::{Enum, ID, InputObject};
use desk::event::Occurrence;
use domain::filter::{FILTER_VALUES, FilterRefusal};
use domain::{AgentId, EventKind, SessionId};

use crate::schema::comparator::{Comparator, OptionalIdComparator};
use crate::schema::error::{Failure, Result, sentence};
use crate::transport::ErrorCode;

/// A kind of event: the name of its type in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::EventKind")]
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
    /// A session is gone.
    SessionRemoved,
}

/// Which events to tell of: those for which everything holds that is given here. What is left out or null is no
/// condition. `ResyncRequired` is always told.
#[derive(InputObject)]
pub(crate) struct SessionEventFilter {
    /// The session that the event is about.
    session_id: Option<Comparator<ID>>,
    /// The agent who has the session after the event or, of `SessionRemoved`, had it before. If you see the session all
    /// the same, an event by which it leaves this agent is therefore not told: to keep a list of an agent's sessions,
    /// follow all and compare.
    assignee_id: Option<OptionalIdComparator>,
    /// The kinds of the events. An empty list lets nothing through.
    kinds: Option<Vec<SessionEventKind>>,
}

impl SessionEventFilter {
    /// The condition with the ids read.
    pub(crate) fn condition(self) -> Result<Condition> {
        let is_assigned = self.assignee_id.as_ref().and_then(|assignee| assignee.is_null).map(|is_null| !is_null);
        let condition = Condition {
            sessions: self.session_id.map_or(Ok(Vec::new()), Comparator::id_lists)?,
            assignees: self.assignee_id.map_or(Ok(Vec::new()), OptionalIdComparator::id_lists)?,
            is_assigned,
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(EventKind::from).collect()),
        };
        let longest = condition.sessions.iter().map(Vec::len).chain(condition.assignees.iter().map(Vec::len)).max();
        if longest > Some(FILTER_VALUES) {
            return Err(Failure::new(ErrorCode::InvalidArgument, sentence(FilterRefusal::TooManyValues)));
        }
        Ok(condition)
    }
}

/// Which events one subscriber wants.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    sessions: Vec<Vec<SessionId>>,
    assignees: Vec<Vec<AgentId>>,
    is_assigned: Option<bool>,
    kinds: Option<Vec<EventKind>>,
}

impl Condition {
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

    pub(crate) fn lets_through(&self, occurrence: &Occurrence) -> bool {
        let event = &occurrence.event;
        let assignee = match (&occurrence.session, &event.audience_before) {
            (None, Some(before)) => before.assignee_id,
            (session, _) => session.as_ref().and_then(|session| session.assignee_id),
        };
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&event.kind))
            && self.sessions.iter().all(|sessions| sessions.contains(&event.session_id))
            && self.assignees.iter().all(|agents| assignee.is_some_and(|agent| agents.contains(&agent)))
            && self.is_assigned.is_none_or(|is_assigned| assignee.is_some() == is_assigned)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;
    use desk::event::Occurrence;
    use domain::{AgentId, Audience, CustomerId, Event, EventKind, Position, ProjectId, SessionId};

    use super::Condition;

    fn occurrence(kind: EventKind, session: i64) -> Occurrence {
        let event = Event {
            position: Position::START,
            project_id: ProjectId(1),
            kind,
            session_id: SessionId(session),
            customer_id: CustomerId(1),
            message_id: None,
            cause: "VIEWED".to_owned(),
            at: DateTime::UNIX_EPOCH,
            audience: Audience::default(),
            audience_before: None,
        };
        Occurrence { event, session: None::<Arc<_>>, message: None }
    }

    #[test]
    fn everything_that_is_given_has_to_hold() {
        let opened = occurrence(EventKind::SessionOpened, 7);
        let lets = |condition: Condition| condition.lets_through(&opened);
        assert!(lets(Condition::default()));
        assert!(!lets(Condition::messages()));
        assert!(lets(Condition { kinds: Some(vec![EventKind::SessionOpened]), ..Condition::default() }));
        assert!(!lets(Condition { kinds: Some(Vec::new()), ..Condition::default() }));
        assert!(lets(Condition { sessions: vec![vec![SessionId(7), SessionId(8)]], ..Condition::default() }));
        assert!(!lets(Condition { sessions: vec![vec![SessionId(7)], vec![SessionId(8)]], ..Condition::default() }));
        assert!(lets(Condition { is_assigned: Some(false), ..Condition::default() }));
        assert!(!lets(Condition { assignees: vec![vec![AgentId(1)]], ..Condition::default() }));
    }
}
