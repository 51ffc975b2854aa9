//! An event with its objects.

use std::sync::Arc;

use desk::event::{Occurrence, encode};
use domain::Cursor;
use domain::event::Cause;

use super::cause::EventCause;
use crate::schema::message::Message;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::view::View;

/// Something that happened, as one subscriber sees it. The objects came with the event.
pub(crate) struct Happening {
    pub(crate) cursor: Cursor,
    pub(crate) occurrence: Arc<Occurrence>,
    pub(crate) view: View,
}

impl Happening {
    pub(super) fn cursor(&self) -> String {
        encode(self.cursor)
    }

    pub(super) fn session(&self) -> Option<Session> {
        let session = self.occurrence.session.as_ref()?;
        Some(Session::new(session.clone(), &self.view))
    }

    pub(super) fn message(&self) -> Option<Message> {
        let message = self.occurrence.message.as_ref()?.clone();
        Some(match &self.occurrence.session {
            Some(session) => Message::of_session(message, session.clone(), &self.view),
            None => Message::new(message, &self.view),
        })
    }

    pub(super) fn cause(&self) -> Option<EventCause> {
        self.occurrence.event.cause.parse::<Cause>().ok().map(EventCause::from)
    }

    pub(super) fn occurred_at(&self) -> DateTime {
        self.occurrence.event.at.into()
    }
}
