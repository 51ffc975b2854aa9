//! What an actor gets to see of sessions and messages that were read: the rule of `domain::visibility`, carried out.

mod messages;
mod sessions;

use std::collections::HashMap;

use domain::{Departure, Session, SessionId};

/// The most firings, pinned messages and messages for later that a session shows of each.
pub(crate) const NEWEST_SHOWN: i64 = 50;

/// How an actor sees a session.
#[derive(Debug, Clone)]
pub(crate) enum View {
    /// As it is.
    Whole,
    /// As it was when it ended for them.
    AsLeft(Box<Departure>),
}

/// How an actor sees each of several sessions. What is not in it they do not see.
pub(crate) type Views = HashMap<SessionId, View>;

impl View {
    /// The version of the session that the actor saw last; nothing if it goes on for them.
    pub(crate) fn last_version(&self) -> Option<i64> {
        match self {
            Self::Whole => None,
            Self::AsLeft(departure) => Some(departure.version),
        }
    }

    /// The session as the actor sees it.
    pub(crate) fn of(&self, session: Session) -> Session {
        match self {
            Self::Whole => session,
            Self::AsLeft(departure) => departure.shown(&session),
        }
    }
}
