//! Where an agent says that a session stands.

use super::{FollowUp, Session, Status};
use crate::Time;

/// Where an open session is to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It asks for an agent's look.
    Unread,
    /// An agent is on it.
    Processing,
    /// It waits.
    FollowUp(FollowUp),
}

impl Session {
    /// The session stands so from now on. While it waits for something it does not wait for an agent, and a customer whose
    /// matter was put off before waits for them anew. A resolution is taken back, and they wait as they did. Answers whether
    /// anything is new.
    pub fn stand(&mut self, standing: Standing, now: Time) -> bool {
        let (status, follow_up) = match standing {
            Standing::Unread => (Status::Unread, None),
            Standing::Processing => (Status::Processing, None),
            Standing::FollowUp(follow_up) => (Status::FollowUp, Some(follow_up)),
        };
        if self.status == status && self.follow_up == follow_up && self.resolution.is_none() {
            return false;
        }
        let was_put_off = self.follow_up.is_some();
        self.status = status;
        self.follow_up = follow_up;
        self.resolution = None;
        if was_put_off && self.follow_up.is_none() {
            self.waiting_since = self.waiting_since.map(|_| now);
        }
        if status == Status::FollowUp {
            self.queued_at = None;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::{noon, session_at};
    use crate::session::{Awaited, Resolution};

    #[test]
    fn what_is_said_again_is_nothing_new_and_what_goes_on_is_not_resolved() {
        let mut session = session_at(noon());
        session.queued_at = Some(noon());
        assert!(!session.stand(Standing::Unread, noon()));
        let follow_up = FollowUp { awaited: Awaited::Customer, until: None, note: String::new() };
        assert!(session.stand(Standing::FollowUp(follow_up.clone()), noon()));
        assert_eq!(session.queued_at, None);
        assert!(!session.stand(Standing::FollowUp(follow_up.clone()), noon()));
        let other = FollowUp { note: "the bank".to_owned(), ..follow_up };
        assert!(session.stand(Standing::FollowUp(other), noon()));
        assert!(session.stand(Standing::Processing, noon()));
        assert_eq!(session.follow_up, None);
        session.resolve(Resolution { at: noon(), by: None, summary: String::new() });
        assert!(session.stand(Standing::Processing, noon()));
        assert_eq!(session.resolution, None);
    }

    #[test]
    fn what_is_taken_up_again_is_waited_for_anew() {
        let later = noon() + chrono::Duration::hours(1);
        let follow_up = FollowUp { awaited: Awaited::ThirdParty, until: None, note: String::new() };
        for waiting_since in [None, Some(noon())] {
            let mut session = Session { waiting_since, ..session_at(noon()) };
            session.stand(Standing::Processing, later);
            assert_eq!(session.waiting_since, waiting_since, "nobody has put it off");
            session.stand(Standing::FollowUp(follow_up.clone()), later);
            assert_eq!(session.waiting_since, waiting_since);
            session.stand(Standing::Processing, later);
            assert_eq!(session.waiting_since, waiting_since.map(|_| later));
            session.resolve(Resolution { at: later, by: None, summary: String::new() });
            session.stand(Standing::Unread, later + chrono::Duration::hours(1));
            assert_eq!(session.waiting_since, waiting_since.map(|_| later), "it was not resolved");
        }
    }
}
