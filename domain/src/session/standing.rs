//! Where an agent says that a session stands.

use super::{FollowUp, Session, Status};

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
    /// The session stands so from now on, and is not resolved any more if it was. While it waits for something it does not
    /// wait for an agent. Answers whether anything is new.
    pub fn stand(&mut self, standing: Standing) -> bool {
        let (status, follow_up) = match standing {
            Standing::Unread => (Status::Unread, None),
            Standing::Processing => (Status::Processing, None),
            Standing::FollowUp(follow_up) => (Status::FollowUp, Some(follow_up)),
        };
        if self.status == status && self.follow_up == follow_up && self.resolution.is_none() {
            return false;
        }
        self.status = status;
        self.follow_up = follow_up;
        self.resolution = None;
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
        assert!(!session.stand(Standing::Unread));
        let follow_up = FollowUp { awaited: Awaited::Customer, until: None, note: String::new() };
        assert!(session.stand(Standing::FollowUp(follow_up.clone())));
        assert_eq!(session.queued_at, None);
        assert!(!session.stand(Standing::FollowUp(follow_up.clone())));
        let other = FollowUp { note: "the bank".to_owned(), ..follow_up };
        assert!(session.stand(Standing::FollowUp(other)));
        assert!(session.stand(Standing::Processing));
        assert_eq!(session.follow_up, None);
        session.resolve(Resolution { at: noon(), by: None, summary: String::new() });
        assert!(session.stand(Standing::Processing));
        assert_eq!(session.resolution, None);
    }
}
