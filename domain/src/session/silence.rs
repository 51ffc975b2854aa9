//! How long a customer may be silent.

use super::{Awaited, Session, SessionLife};
use crate::{Direction, Time};

impl Session {
    /// When the session is to be closed if its customer stays silent. Nothing if that is not the customer's to end: while
    /// it waits for somebody else or until a time, while the desk owes the customer something, and once it is resolved.
    pub fn silence_ends_at(&self, life: SessionLife) -> Option<Time> {
        let awaits_customer = match &self.follow_up {
            Some(waits) => waits.awaited == Awaited::Customer && waits.until.is_none(),
            None => self.waiting_since.is_none() && self.resolution.is_none(),
        };
        let is_silent = self.is_open() && self.last_direction == Direction::Outbound && awaits_customer;
        let silent_since = self.reopened_at.map_or(self.last_message_at, |reopened| reopened.max(self.last_message_at));
        is_silent.then(|| silent_since + life.no_response_after)
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::session::tests::{noon, session_at};
    use crate::session::{FollowUp, Resolution};
    use crate::{AgentId, CloseReason};

    #[test]
    fn silence_counts_from_the_agents_last_message_only() {
        let mut session = session_at(noon());
        let life = SessionLife::default();
        assert_eq!(session.silence_ends_at(life), None);
        session.last_direction = Direction::Outbound;
        assert_eq!(session.silence_ends_at(life), Some(noon() + Duration::hours(24)));
        session.close(CloseReason::Agent, noon());
        assert_eq!(session.silence_ends_at(life), None);
    }

    #[test]
    fn silence_counts_anew_from_when_an_agent_opens_the_session_again() {
        let (mut session, life) = (session_at(noon()), SessionLife::default());
        session.last_direction = Direction::Outbound;
        session.close(CloseReason::Agent, noon());
        session.reopen(noon() + Duration::hours(23));
        assert_eq!(session.silence_ends_at(life), Some(noon() + Duration::hours(47)));
        session.last_message_at = noon() + Duration::hours(30);
        assert_eq!(session.silence_ends_at(life), Some(noon() + Duration::hours(54)));
    }

    #[test]
    fn silence_ends_nothing_that_is_not_the_customers_turn() {
        let life = SessionLife::default();
        let mut session = session_at(noon());
        session.last_direction = Direction::Outbound;
        let later = Some(noon() + Duration::hours(1));
        for (awaited, until, ends) in [
            (Awaited::Customer, None, true),
            (Awaited::Customer, later, false),
            (Awaited::ThirdParty, None, false),
            (Awaited::PromisedTime, later, false),
        ] {
            let waiting =
                Session { follow_up: Some(FollowUp { awaited, until, note: String::new() }), ..session.clone() };
            assert_eq!(waiting.silence_ends_at(life).is_some(), ends, "{awaited:?}");
        }
        session.resolve(Resolution { at: noon(), by: Some(AgentId(1)), summary: String::new() });
        assert_eq!(session.silence_ends_at(life), None);
    }
}
