//! The types of events. Each shows what all have in common and what it is about. Whatever several
//! of them show is nullable in all, so that clients can select the same fields of each.

use async_graphql::{Object, SimpleObject};
use domain::{MessageId, SessionId};

use super::happening::Happening;
use crate::schema::id::Id;
use crate::schema::message::Message;
use crate::schema::session::Session;

macro_rules! message_events {
    ($($(#[$meta:meta])* $event:ident;)+) => { $(
        pub(crate) struct $event(pub(super) Happening);

        $(#[$meta])*
        #[Object]
        impl $event {
            #[graphql(flatten)]
            fn happening(&self) -> &Happening {
                &self.0
            }

            /// The message as it is after the event or a later one. Null if it is gone by now.
            fn message(&self) -> Option<Message> {
                self.0.message()
            }

            /// The session as it is after the event or a later one. Null if it is gone by now.
            fn session(&self) -> Option<Session> {
                self.0.session()
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
            #[graphql(flatten)]
            fn happening(&self) -> &Happening {
                &self.0
            }

            /// The session as it is after the event or a later one. Null if it is gone by now.
            fn session(&self) -> Option<Session> {
                self.0.session()
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
    #[graphql(flatten)]
    fn happening(&self) -> &Happening {
        &self.happening
    }

    /// The global id of the message.
    fn message_id(&self) -> Id {
        self.message_id.into()
    }

    /// What is left of the message. Null if nothing is.
    fn message(&self) -> Option<Message> {
        self.happening.message()
    }

    /// The session as it is after the event or a later one. Null if it is gone by now.
    fn session(&self) -> Option<Session> {
        self.happening.session()
    }
}

pub(crate) struct SessionRemoved {
    session_id: SessionId,
    happening: Happening,
}

impl SessionRemoved {
    pub(super) fn of(happening: Happening) -> Self {
        Self { session_id: happening.occurrence.event.session_id, happening }
    }
}

/// A session is gone, you may not see it any more, or it no longer meets the filter of the subscription: take it out of the
/// list that you keep.
#[Object]
impl SessionRemoved {
    #[graphql(flatten)]
    fn happening(&self) -> &Happening {
        &self.happening
    }

    /// The global id of the session.
    fn session_id(&self) -> Id {
        self.session_id.into()
    }

    /// The session as it is after the event or a later one, if it only no longer meets the filter of the subscription. Null
    /// if it is gone or you may not see it any more.
    fn session(&self) -> Option<Session> {
        self.happening.session()
    }
}

/// The cursor given as `after` is older than the event log reaches back, or belongs to another one: what was missed
/// cannot be told. Or you see other sessions than before, since you came into another team, left one, got another role or were
/// deactivated for a while, now or since that cursor. Load everything anew; the subscription goes on from here.
#[derive(SimpleObject)]
pub(crate) struct ResyncRequired {
    /// The place in the log from which the subscription goes on.
    pub(super) cursor: String,
}
