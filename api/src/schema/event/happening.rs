//! An event with its objects.

use std::sync::Arc;

use async_graphql::Object;
use desk::event::Occurrence;
use domain::Cursor;
use domain::event::Cause;

use super::cause::EventCause;
use crate::schema::message::Message;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::schema::sla::SlaClock;
use crate::schema::ticket::Ticket;
use crate::schema::todo::Todo;
use crate::view::View;

/// Something that happened, as one subscriber sees it. The objects came with the event.
#[derive(Clone)]
pub(crate) struct Happening {
    pub(super) cursor: Cursor,
    pub(super) occurrence: Arc<Occurrence>,
    pub(super) view: View,
}

impl Happening {
    pub(super) fn session(&self) -> Option<Session> {
        let session = self.occurrence.session.as_ref()?;
        Some(Session::new(session.clone(), &self.view))
    }

    pub(super) fn ticket(&self) -> Option<Ticket> {
        let watched = self.occurrence.ticket.as_ref()?;
        Some(Ticket::new(watched.ticket.clone(), &self.view))
    }

    pub(super) fn clock(&self) -> Option<SlaClock> {
        Some(SlaClock::new(self.occurrence.clock.as_ref()?.clone(), &self.view))
    }

    pub(super) fn todo(&self) -> Option<Todo> {
        Some(Todo::new(self.occurrence.todo.as_ref()?.clone(), &self.view))
    }

    pub(super) fn message(&self) -> Option<Message> {
        let message = self.occurrence.message.as_ref()?.clone();
        Some(match &self.occurrence.session {
            Some(session) => Message::of_session(message, session.clone(), &self.view),
            None => Message::new(message, &self.view),
        })
    }
}

/// What all events have in common.
#[Object]
impl Happening {
    /// The place of the event in the log: give it as `after` to go on behind it.
    fn cursor(&self) -> String {
        self.view.desk().cursor_text(self.cursor)
    }

    /// Why it happened. Null if a newer version of the server wrote a reason that this one does not know.
    fn cause(&self) -> Option<EventCause> {
        self.occurrence.event.cause.parse::<Cause>().ok().map(EventCause::from)
    }

    /// When it happened, on the project's clock.
    fn occurred_at(&self) -> DateTime {
        self.occurrence.event.at.into()
    }
}
