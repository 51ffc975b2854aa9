//! The events of tickets.

use async_graphql::{Enum, ID, InputObject, Object, Union};
use domain::{EventKind, TicketId};

use super::filter::Condition;
use super::happening::Happening;
use super::member::ResyncRequired;
use super::watch::Seen;
use crate::schema::comparator::Comparator;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::ticket::Ticket;

/// A kind of event: the name of its type in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TicketEventKind {
    /// A ticket was opened.
    #[graphql(name = "TICKET_OPENED")]
    Opened,
    /// A ticket changed, or came into your sight.
    #[graphql(name = "TICKET_UPDATED")]
    Updated,
    /// You see a ticket no longer.
    #[graphql(name = "TICKET_REMOVED")]
    Removed,
}

impl From<TicketEventKind> for EventKind {
    fn from(kind: TicketEventKind) -> Self {
        match kind {
            TicketEventKind::Opened => Self::TicketOpened,
            TicketEventKind::Updated => Self::TicketUpdated,
            TicketEventKind::Removed => Self::TicketRemoved,
        }
    }
}

/// Which events to tell of: those for which everything holds that is given here. What is left out or null is no
/// condition. `ResyncRequired` is always told.
#[derive(InputObject, Default)]
pub(crate) struct TicketEventFilter {
    /// The ticket that the event is about.
    ticket_id: Option<Comparator<ID>>,
    /// The session that the ticket came of.
    session_id: Option<Comparator<ID>>,
    /// The kinds of the events, as they are told. An empty list lets nothing through.
    kinds: Option<Vec<TicketEventKind>>,
}

impl TicketEventFilter {
    /// The condition with the ids read.
    pub(super) fn condition(self) -> Result<Condition> {
        let sessions = self.session_id.map_or(Ok(Vec::new()), Comparator::id_lists)?;
        let tickets = self.ticket_id.map_or(Ok(Vec::new()), Comparator::id_lists)?;
        let kinds = self.kinds.map(|kinds| kinds.into_iter().map(EventKind::from).collect());
        Condition::of_tickets(sessions, tickets, kinds)
    }
}

macro_rules! ticket_events {
    ($($(#[$meta:meta])* $event:ident;)+) => { $(
        pub(crate) struct $event(Happening);

        $(#[$meta])*
        #[Object]
        impl $event {
            #[graphql(flatten)]
            fn happening(&self) -> &Happening {
                &self.0
            }

            /// The ticket as it is after the event or a later one. Null if it is gone by now.
            fn ticket(&self) -> Option<Ticket> {
                self.0.ticket()
            }
        }
    )+ };
}

ticket_events! {
    /// A ticket was opened.
    TicketOpened;
    /// A ticket changed, or came into your sight.
    TicketUpdated;
}

pub(crate) struct TicketRemoved {
    ticket_id: TicketId,
    happening: Happening,
}

/// You see a ticket no longer: take it out of the list that you keep.
#[Object]
impl TicketRemoved {
    #[graphql(flatten)]
    fn happening(&self) -> &Happening {
        &self.happening
    }

    /// The global id of the ticket.
    fn ticket_id(&self) -> Id {
        self.ticket_id.into()
    }
}

/// What happens to the tickets of a project.
#[derive(Union)]
pub(crate) enum TicketEvent {
    TicketOpened(TicketOpened),
    TicketUpdated(TicketUpdated),
    TicketRemoved(TicketRemoved),
    ResyncRequired(ResyncRequired),
}

impl TicketEvent {
    /// The event as its own type; nothing if it is about no ticket, which none of these is.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let happening = match seen {
            Seen::ResyncRequired(cursor) => return Some(ResyncRequired { cursor }.into()),
            Seen::Happening(happening) | Seen::SessionOut(happening) => happening,
        };
        let ticket_id = happening.occurrence.event.ticket.as_ref()?.id;
        match happening.occurrence.event.kind {
            EventKind::TicketOpened => Some(TicketOpened(happening).into()),
            EventKind::TicketUpdated => Some(TicketUpdated(happening).into()),
            EventKind::TicketRemoved => Some(TicketRemoved { ticket_id, happening }.into()),
            _ => None,
        }
    }
}
