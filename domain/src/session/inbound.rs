//! Which session a customer's message belongs to.

use chrono::Duration;

use super::{Session, Status};
use crate::message::Thread;
use crate::{ChatId, Direction, Time};

/// How long after closing a customer's message opens the same session again.
pub const REOPEN_WINDOW: Duration = Duration::hours(24);

/// What a message from a customer does to their sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// A new session starts; earlier ones stay as history.
    Opens,
    /// The open session goes on in this status.
    Continues(Status),
    /// The session that was closed a short while ago is opened again.
    Reopens,
}

/// Decides from the customer's newest session, if there is one.
pub fn arrival(newest: Option<&Session>, now: Time) -> Arrival {
    match newest {
        None => Arrival::Opens,
        Some(session) => match (session.status, session.closed_at) {
            (Status::Closed, Some(closed_at)) if now - closed_at < REOPEN_WINDOW => Arrival::Reopens,
            (Status::Closed, _) => Arrival::Opens,
            (Status::FollowUp, _) => Arrival::Continues(Status::Unread),
            (status, _) => Arrival::Continues(status),
        },
    }
}

impl Session {
    /// A message of the customer has come in, which takes the session up in this status: open ones go on, and one that
    /// was closed is open again. From now on answers go to where it was written. Which message it is remains to be said.
    pub fn hear(&mut self, status: Status, chat: ChatId, thread: &Thread, now: Time) {
        self.status = status;
        self.close_reason = None;
        self.closed_at = None;
        if self.chat_id != chat || self.thread != *thread {
            self.chat_id = chat;
            self.thread.clone_from(thread);
        }
        self.last_message_at = now;
        self.last_direction = Direction::Inbound;
        self.inbound_count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session_at;
    use crate::{CloseReason, session::tests::noon};

    #[test]
    fn the_first_message_opens_a_session() {
        assert_eq!(arrival(None, noon()), Arrival::Opens);
    }

    #[test]
    fn an_open_session_goes_on() {
        let mut session = session_at(noon());
        assert_eq!(arrival(Some(&session), noon()), Arrival::Continues(Status::Unread));
        session.status = Status::Processing;
        assert_eq!(arrival(Some(&session), noon()), Arrival::Continues(Status::Processing));
        session.status = Status::FollowUp;
        assert_eq!(arrival(Some(&session), noon()), Arrival::Continues(Status::Unread));
    }

    #[test]
    fn a_closed_session_is_reopened_within_the_window_and_not_at_its_end() {
        let mut session = session_at(noon());
        session.close(CloseReason::Agent, noon());
        let last_moment = noon() + REOPEN_WINDOW - Duration::microseconds(1);
        assert_eq!(arrival(Some(&session), last_moment), Arrival::Reopens);
        assert_eq!(arrival(Some(&session), noon() + REOPEN_WINDOW), Arrival::Opens);
    }
}
