//! What a session waits for.

use chrono::Duration;

use super::{Session, Status};
use crate::text::without_nul;
use crate::{Time, named_enum};

named_enum! {
    /// Whom or what a session waits for.
    pub enum Awaited {
        /// The customer is to answer.
        Customer = "CUSTOMER",
        /// Somebody else is to do something first.
        ThirdParty = "THIRD_PARTY",
        /// The agent has promised to come back at a time.
        PromisedTime = "PROMISED_TIME",
    }
}

/// What a session in [`Status::FollowUp`] waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Whom or what.
    pub awaited: Awaited,
    /// Until when, on the project's clock. When it has passed the session is unread again.
    pub until: Option<Time>,
    /// What exactly, in a line for colleagues.
    pub note: String,
}

/// How far ahead something can be waited for. Whoever waits for longer has mistyped the year.
pub const FARTHEST_FOLLOW_UP: Duration = Duration::days(366);

/// The longest note, in characters.
pub const FOLLOW_UP_NOTE_CHARACTERS: usize = 500;

/// Why a session cannot wait so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FollowUpRefusal {
    /// A promise without its time.
    #[error("a promise to come back needs its time: give `until`")]
    NoTime,
    /// The time has passed.
    #[error("the time is not in the future: give a later `until`")]
    Past,
    /// The time is more than [`FARTHEST_FOLLOW_UP`] ahead.
    #[error("the time is more than 366 days ahead: give an earlier `until`")]
    TooFar,
    /// The note is longer than [`FOLLOW_UP_NOTE_CHARACTERS`].
    #[error("the note is longer than {FOLLOW_UP_NOTE_CHARACTERS} characters: write a private note instead")]
    LongNote,
}

impl FollowUp {
    /// Checks what a session is to wait for.
    pub fn check(awaited: Awaited, until: Option<Time>, note: &str, now: Time) -> Result<Self, FollowUpRefusal> {
        if awaited == Awaited::PromisedTime && until.is_none() {
            return Err(FollowUpRefusal::NoTime);
        }
        if until.is_some_and(|until| until <= now) {
            return Err(FollowUpRefusal::Past);
        }
        if until.is_some_and(|until| until - now > FARTHEST_FOLLOW_UP) {
            return Err(FollowUpRefusal::TooFar);
        }
        let note = without_nul(note).trim().to_owned();
        if note.chars().count() > FOLLOW_UP_NOTE_CHARACTERS {
            return Err(FollowUpRefusal::LongNote);
        }
        Ok(Self { awaited, until, note })
    }
}

impl Session {
    /// Whether it waits for the customer.
    pub fn awaits_customer(&self) -> bool {
        self.follow_up.as_ref().is_some_and(|waits| waits.awaited == Awaited::Customer)
    }

    /// An agent answers, and is on it again. A promise stands until its time, and so does what somebody else is to do.
    pub fn answer(&mut self) {
        if self.follow_up.is_none() || self.awaits_customer() {
            self.status = Status::Processing;
            self.follow_up = None;
        }
    }

    /// What the session waited for is due: it asks for an agent's look again. Answers whether it was.
    pub fn come_due(&mut self, now: Time) -> bool {
        let Some(waited) = self.follow_up.take_if(|waits| waits.until.is_some_and(|until| until <= now)) else {
            return false;
        };
        self.status = Status::Unread;
        // From now on the customer counts on what was promised, or what somebody else was to do; and on an answer if none was
        // given before it was put off.
        if waited.awaited != Awaited::Customer || self.waiting_since.is_some() {
            self.waiting_since = Some(now);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Standing;
    use crate::session::tests::{noon, session_at};

    #[test]
    fn a_promise_has_a_time_and_no_time_has_passed() {
        let check = |awaited, until| FollowUp::check(awaited, until, " the bank ", noon());
        let later = Some(noon() + Duration::seconds(1));
        assert_eq!(check(Awaited::PromisedTime, None), Err(FollowUpRefusal::NoTime));
        assert_eq!(check(Awaited::Customer, Some(noon())), Err(FollowUpRefusal::Past));
        let (farthest, beyond) = (noon() + FARTHEST_FOLLOW_UP, noon() + FARTHEST_FOLLOW_UP + Duration::seconds(1));
        assert_eq!(check(Awaited::Customer, Some(farthest)).map(|waits| waits.until), Ok(Some(farthest)));
        assert_eq!(check(Awaited::Customer, Some(beyond)), Err(FollowUpRefusal::TooFar));
        assert_eq!(check(Awaited::ThirdParty, None).map(|waits| waits.note), Ok("the bank".to_owned()));
        assert_eq!(check(Awaited::PromisedTime, later).map(|waits| waits.until), Ok(later));
        let long = "x".repeat(FOLLOW_UP_NOTE_CHARACTERS + 1);
        assert_eq!(FollowUp::check(Awaited::Customer, None, &long, noon()), Err(FollowUpRefusal::LongNote));
    }

    #[test]
    fn an_answer_ends_no_promise() {
        for (awaited, is_left) in
            [(Awaited::Customer, false), (Awaited::ThirdParty, true), (Awaited::PromisedTime, true)]
        {
            let waits = FollowUp { awaited, until: Some(noon() + Duration::hours(1)), note: String::new() };
            let mut session = session_at(noon());
            session.stand(Standing::FollowUp(waits.clone()), noon());
            session.answer();
            let expected = if is_left { (Status::FollowUp, Some(waits)) } else { (Status::Processing, None) };
            assert_eq!((session.status, session.follow_up), expected);
        }
        let mut session = session_at(noon());
        session.answer();
        assert_eq!(session.status, Status::Processing);
    }

    #[test]
    fn a_session_is_unread_again_once_its_time_has_come_and_not_before() {
        let until = noon() + Duration::hours(1);
        let mut session = session_at(noon());
        let waits = FollowUp { awaited: Awaited::PromisedTime, until: Some(until), note: String::new() };
        session.stand(Standing::FollowUp(waits.clone()), noon());
        assert!(!session.come_due(until - Duration::microseconds(1)));
        assert_eq!(session.status, Status::FollowUp);
        assert!(session.come_due(until));
        assert_eq!((session.status, session.follow_up.clone()), (Status::Unread, None));
        assert!(!session.come_due(until));
        assert_eq!(session.waiting_since, Some(until), "a promise is owed");

        session.waiting_since = None;
        assert!(!session.awaits_customer());
        session.stand(Standing::FollowUp(FollowUp { awaited: Awaited::Customer, ..waits }), noon());
        assert!(session.awaits_customer());
        assert!(session.come_due(until));
        assert_eq!(session.waiting_since, None);

        session.waiting_since = Some(noon());
        let waits = FollowUp { awaited: Awaited::ThirdParty, until: Some(until), note: String::new() };
        session.stand(Standing::FollowUp(waits), noon());
        assert!(session.come_due(until));
        assert_eq!(session.waiting_since, Some(until), "it was put off until then");
    }
}
