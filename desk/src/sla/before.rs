//! What a session was like before something happened in it.

use domain::session::Awaited;
use domain::{Direction, Session};

/// What a session was like before something happened in it that its clocks go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Before {
    /// It was over or resolved, or there was nothing in it, so that what comes is about something new.
    pub(super) is_new_issue: bool,
    /// The customer had written something that nobody had answered.
    pub(super) waited: bool,
    /// It waited for the customer.
    pub(super) awaited_customer: bool,
}

impl Before {
    /// The session as it is now.
    pub(crate) fn of(session: &Session) -> Self {
        let is_new_issue = !session.is_open() || session.resolution.is_some() || session.inbound_count == 0;
        // What was promised for a time may be due without the customer having written again.
        let waited = session.waiting_since.is_some() && session.last_direction == Direction::Inbound;
        Self { is_new_issue, waited: waited && !is_new_issue, awaited_customer: awaits_customer(session) }
    }
}

/// Whether a session waits for its customer.
pub(super) fn awaits_customer(session: &Session) -> bool {
    session.follow_up.as_ref().is_some_and(|waits| waits.awaited == Awaited::Customer)
}
