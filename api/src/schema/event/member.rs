//! The types of events. All have the same nullable objects, so that clients can select the same
//! fields of each.

use async_graphql::{Object, SimpleObject};
use domain::{MessageId, SessionId};

use super::cause::EventCause;
use super::happening::Happening;
use crate::schema::id::Id;
use crate::schema::message::Message;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;

macro_rules! message_events {
    ($($(#[$meta:meta])* $event:ident;)+) => { $(
        pub(crate) struct $event(pub(super) Happening);

        $(#[$meta])*
        #[Object]
        impl $event {
            /// The place of the event in the log: give it as `after` to go on behind it.
            fn cursor(&self) -> String {
                self.0.cursor()
            }

            /// The message as it is after the event or a later one. Null if it is gone by now.
            fn message(&self) -> Option<Message> {
                self.0.message()
            }

            /// The session of the message as it is after the event or a later one. Null if it is gone by now.
            fn session(&self) -> Option<Session> {
                self.0.session()
            }

            /// Why it happened. Null if a newer version of the server wrote a reason that this one does not know.
            fn cause(&self) -> Option<EventCause> {
                self.0.cause()
            }

            /// When it happened, on the project's clock.
            fn occurred_at(&self) -> DateTime {
                self.0.occurred_at()
            }
        }
    )+ };
}

macro_rules! session_events {
    ($($(#[$meta:meta])* $event:ident;)+) => { $(
        pub(crate) struct $event(pub(super) Happening);

        $(#[$meta])*
        #[Object]
        impl $event {
            /// The place of the event in the log: give it as `after` to go on behind it.
            fn cursor(&self) -> String {
                self.0.cursor()
            }

            /// The session as it is after the event or a later one. Null if it is gone by now.
            fn session(&self) -> Option<Session> {
                self.0.session()
            }

            /// Why it happened. Null if a newer version of the server wrote a reason that this one does not know.
            fn cause(&self) -> Option<EventCause> {
                self.0.cause()
            }

            /// When it happened, on the project's clock.
            fn occurred_at(&self) -> DateTime {
                self.0.occurred_at()
            }
        }
    )+ };
}

message_events! {
    /// A message came in or was written.
    MessageAdded;
    /// A message or its delivery changed.
    MessageUpdated;
}

session_events! {
    /// A session started.
    SessionOpened;
    /// A session changed.
    SessionUpdated;
}

pub(crate) struct MessageRemoved {
    pub(super) message_id: MessageId,
    pub(super) happening: Happening,
}

/// A message is gone, or you may not see it any more.
#[Object]
impl MessageRemoved {
    /// The place of the event in the log: give it as `after` to go on behind it.
    fn cursor(&self) -> String {
        self.happening.cursor()
    }

    /// The global id of the message.
    fn message_id(&self) -> Id {
        self.message_id.into()
    }

    /// What is left of the message. Null if nothing is.
    fn message(&self) -> Option<Message> {
        self.happening.message()
    }

    /// The session of the message as it is after the event or a later one. Null if it is gone by now.
    fn session(&self) -> Option<Session> {
        self.happening.session()
    }

    /// Why it happened. Null if a newer version of the server wrote a reason that this one does not know.
    fn cause(&self) -> Option<EventCause> {
        self.happening.cause()
    }

    /// When it happened, on the project's clock.
    fn occurred_at(&self) -> DateTime {
        self.happening.occurred_at()
    }
}

pub(crate) struct SessionRemoved {
    pub(super) session_id: SessionId,
    pub(super) happening: Happening,
}

/// A session is gone, or you may not see it any more.
#[Object]
impl SessionRemoved {
    /// The place of the event in the log: give it as `after` to go on behind it.
    fn cursor(&self) -> String {
        self.happening.cursor()
    }

    /// The global id of the session.
    fn session_id(&self) -> Id {
        self.session_id.into()
    }

    /// What is left of the session. Null if nothing is.
    fn session(&self) -> Option<Session> {
        self.happening.session()
    }

    /// Why it happened. Null if a newer version of the server wrote a reason that this one does not know.
    fn cause(&self) -> Option<EventCause> {
        self.happening.cause()
    }

    /// When it happened, on the project's clock.
    fn occurred_at(&self) -> DateTime {
        self.happening.occurred_at()
    }
}

/// The cursor given as `after` is older than the event log reaches back, or belongs to another one: what was missed
/// cannot be told. Load everything anew; the subscription goes on from here.
#[derive(SimpleObject)]
pub(crate) struct ResyncRequired {
    /// The place in the log from which the subscription goes on.
    pub(super) cursor: String,
}
