//! The events of a subscription, each as its own type.

use async_graphql::Union;
use domain::EventKind;

use super::happening::Happening;
use super::member::{
    MessageAdded, MessageRemoved, MessageUpdated, ResyncRequired, SessionOpened, SessionRemoved, SessionUpdated,
};
use super::watch::Seen;

/// What happens to the sessions of a project.
#[derive(Union)]
pub(crate) enum SessionEvent {
    MessageAdded(MessageAdded),
    MessageUpdated(MessageUpdated),
    MessageRemoved(MessageRemoved),
    SessionOpened(SessionOpened),
    SessionUpdated(SessionUpdated),
    SessionRemoved(SessionRemoved),
    ResyncRequired(ResyncRequired),
}

/// What happens to the messages of a session.
#[derive(Union)]
pub(crate) enum SessionMessageEvent {
    MessageAdded(MessageAdded),
    MessageUpdated(MessageUpdated),
    MessageRemoved(MessageRemoved),
    SessionRemoved(SessionRemoved),
    ResyncRequired(ResyncRequired),
}

impl SessionEvent {
    /// The event as its own type; nothing if it lacks what its type promises, which no event does.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        Some(match seen {
            Seen::ResyncRequired(cursor) => ResyncRequired { cursor }.into(),
            Seen::SessionOut(happening) => SessionRemoved::of(happening).into(),
            Seen::Happening(happening) => match happening.occurrence.event.kind {
                EventKind::SessionOpened => SessionOpened(happening).into(),
                EventKind::SessionUpdated => SessionUpdated(happening).into(),
                _ => SessionMessageEvent::of_message(happening)?.into(),
            },
        })
    }
}

impl SessionMessageEvent {
    /// The event as its own type; nothing if it is about neither a message nor the end of the session.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        match seen {
            Seen::ResyncRequired(cursor) => Some(ResyncRequired { cursor }.into()),
            Seen::SessionOut(happening) => Some(SessionRemoved::of(happening).into()),
            Seen::Happening(happening) => Self::of_message(happening),
        }
    }

    fn of_message(happening: Happening) -> Option<Self> {
        if happening.occurrence.event.kind == EventKind::SessionRemoved {
            return Some(SessionRemoved::of(happening).into());
        }
        let message_id = happening.occurrence.event.message_id?;
        match happening.occurrence.event.kind {
            EventKind::MessageAdded => Some(MessageAdded(happening).into()),
            EventKind::MessageUpdated => Some(MessageUpdated(happening).into()),
            EventKind::MessageRemoved => Some(MessageRemoved { message_id, happening }.into()),
            EventKind::SessionOpened
            | EventKind::SessionUpdated
            | EventKind::SessionRemoved
            | EventKind::TicketOpened
            | EventKind::TicketUpdated
            | EventKind::TicketRemoved
            | EventKind::SlaClockUpdated
            | EventKind::TodoUpdated
            | EventKind::SightChanged => None,
        }
    }
}

impl From<SessionMessageEvent> for SessionEvent {
    fn from(event: SessionMessageEvent) -> Self {
        match event {
            SessionMessageEvent::MessageAdded(event) => Self::MessageAdded(event),
            SessionMessageEvent::MessageUpdated(event) => Self::MessageUpdated(event),
            SessionMessageEvent::MessageRemoved(event) => Self::MessageRemoved(event),
            SessionMessageEvent::SessionRemoved(event) => Self::SessionRemoved(event),
            SessionMessageEvent::ResyncRequired(event) => Self::ResyncRequired(event),
        }
    }
}
