//! Which session a customer's message belongs to.

use super::{Session, SessionLife, Status};
use crate::message::Thread;
use crate::{ChatId, Direction, MessageId, Time};

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
pub fn arrival(newest: Option<&Session>, life: SessionLife, now: Time) -> Arrival {
    match newest {
        None => Arrival::Opens,
        Some(session) => match (session.status, session.closed_at) {
            (Status::Closed, Some(closed_at)) if now - closed_at < life.reopen_window => Arrival::Reopens,
            (Status::Closed, _) => Arrival::Opens,
            (Status::FollowUp, _) => Arrival::Continues(Status::Unread),
            _ if session.resolution.is_some() => Arrival::Continues(Status::Unread),
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
        // What an agent put off or settled is waited for anew.
        if self.follow_up.take().is_some() | self.resolution.take().is_some() {
            self.waiting_since = None;
        }
        self.waiting_since.get_or_insert(now);
        if self.chat_id != chat || self.thread != *thread {
            self.chat_id = chat;
            self.thread.clone_from(thread);
        }
        self.last_message_at = now;
        self.last_direction = Direction::Inbound;
        self.inbound_count += 1;
    }

    /// A message of the customer has come in that nobody has to look at or to answer: where the session stands, who waits for
    /// whom and what is unread stay as they are.
    pub fn hear_beside(&mut self, message: MessageId, now: Time) {
        self.last_message_id = Some(message);
        self.last_message_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session_at;
    use chrono::Duration;

    use crate::session::{Awaited, FollowUp, Resolution};
    use crate::{CloseReason, session::tests::noon};

    #[test]
    fn the_first_message_opens_a_session() {
        assert_eq!(arrival(None, SessionLife::default(), noon()), Arrival::Opens);
    }

    #[test]
    fn an_open_session_goes_on() {
        let mut session = session_at(noon());
        assert_eq!(arrival(Some(&session), SessionLife::default(), noon()), Arrival::Continues(Status::Unread));
        session.status = Status::Processing;
        assert_eq!(arrival(Some(&session), SessionLife::default(), noon()), Arrival::Continues(Status::Processing));
        session.status = Status::FollowUp;
        assert_eq!(arrival(Some(&session), SessionLife::default(), noon()), Arrival::Continues(Status::Unread));
    }

    #[test]
    fn who_comes_back_after_their_matter_was_settled_or_put_off_waits_from_then_on() {
        let (asked, back) = (noon(), noon() + Duration::hours(1));
        let resolution = Resolution { at: noon(), by: None, summary: String::new() };
        let waits = FollowUp { awaited: Awaited::ThirdParty, until: None, note: String::new() };
        for (resolution, follow_up, since) in
            [(None, None, asked), (Some(resolution), None, back), (None, Some(waits), back)]
        {
            let mut session = Session { resolution, follow_up, waiting_since: Some(asked), ..session_at(asked) };
            let (chat, thread) = (session.chat_id, session.thread.clone());
            session.hear(Status::Unread, chat, &thread, back);
            assert_eq!((session.waiting_since, &session.resolution, &session.follow_up), (Some(since), &None, &None));
        }
    }

    #[test]
    fn what_nobody_has_to_answer_is_not_unread_and_leaves_who_waits_for_whom() {
        let mut session = session_at(noon());
        let before = session.clone();
        session.hear_beside(MessageId(5), noon() + Duration::minutes(1));
        assert_eq!((session.inbound_count, session.waiting_since), (before.inbound_count, before.waiting_since));
        assert_eq!((session.status, session.last_message_id), (before.status, Some(MessageId(5))));
    }

    #[test]
    fn a_closed_session_is_reopened_within_the_window_and_not_at_its_end() {
        let mut session = session_at(noon());
        session.close(CloseReason::Agent, noon());
        let life = SessionLife::default();
        let last_moment = noon() + life.reopen_window - Duration::microseconds(1);
        assert_eq!(arrival(Some(&session), life, last_moment), Arrival::Reopens);
        assert_eq!(arrival(Some(&session), life, noon() + life.reopen_window), Arrival::Opens);
    }
}
