//! Sessions that wait for an agent.

use std::cmp::{Ordering, Reverse};

use super::{Request, Settings};
use crate::{Priority, Session, SessionId, Time};

/// A session that waits for an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The session.
    pub session_id: SessionId,
    /// How pressing it is.
    pub priority: Priority,
    /// Since when the customer has waited.
    pub since: Time,
    /// What routing knows of it.
    pub request: Request,
}

/// Since when a session has waited for an agent: since the customer wrote what nobody has answered, or else since it has
/// waited for the desk to find one.
pub fn waits_since(session: &Session) -> Time {
    session.waiting_since.or(session.queued_at).unwrap_or(session.created_at)
}

/// The order in which waiting sessions are served: the pressing ones first, then by time.
pub fn in_order(one: &Waiting, other: &Waiting) -> Ordering {
    let key = |waiting: &Waiting| (Reverse(waiting.priority), waiting.since, waiting.session_id);
    key(one).cmp(&key(other))
}

/// The place of a session in its line, counted from 1: the sessions that wait for the same scope. Empty if it does not
/// wait.
pub fn place(settings: &Settings, waiting: &[Waiting], session_id: SessionId) -> Option<usize> {
    let own = waiting.iter().find(|waiting| waiting.session_id == session_id)?;
    let (scope, _) = settings.scope_of(&own.request);
    let is_ahead = |other: &&Waiting| in_order(other, own).is_lt() && settings.scope_of(&other.request).0 == scope;
    Some(1 + waiting.iter().filter(is_ahead).count())
}
