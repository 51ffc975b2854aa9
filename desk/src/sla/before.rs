//! What a session was like before something happened in it.

use chrono::Duration;
use domain::{Direction, Session, Time};

/// For how long Telegram keeps what it cannot deliver. What says that it is older has not been on its way for so long.
const LONGEST_ON_ITS_WAY: Duration = Duration::hours(24);

/// What a session was like before something happened in it that its clocks go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Before {
    /// It was over or resolved, or there was nothing in it, so that what comes is about something new.
    pub(super) is_new_issue: bool,
    /// The customer had written something that nobody had answered.
    pub(super) waited: bool,
    /// It waited for the customer.
    pub(super) awaited_customer: bool,
    /// When something happened in it last; empty if nobody has written in it.
    changed_at: Option<Time>,
}

impl Before {
    /// The session as it is now.
    pub(crate) fn of(session: &Session) -> Self {
        let is_new_issue = !session.is_open() || session.resolution.is_some() || session.inbound_count == 0;
        Self {
            is_new_issue,
            waited: awaits_answer(session) && !is_new_issue,
            awaited_customer: session.awaits_customer(),
            changed_at: (session.inbound_count > 0).then_some(session.updated_at),
        }
    }

    /// When something was written that has come in now, by the project's clock. Telegram says the second, which may be long
    /// past if the desk could not take it in; since then somebody waits, but not since before what happened in the session
    /// before it.
    pub(crate) fn written_at(self, sent_at: Option<Time>, now: Time) -> Time {
        let sent_at = sent_at.and_then(|sent_at| sent_at.checked_add_signed(Duration::seconds(1)));
        let sent_at = sent_at.filter(|sent_at| now - *sent_at <= LONGEST_ON_ITS_WAY).unwrap_or(now);
        self.changed_at.map_or(sent_at, |changed_at| sent_at.max(changed_at)).min(now)
    }
}

/// Whether a customer waits for an answer to what they have written. What was promised for a time may be due without that.
pub(super) fn awaits_answer(session: &Session) -> bool {
    session.waiting_since.is_some() && session.last_direction == Direction::Inbound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_waits_since_they_wrote_and_not_since_it_was_taken_in() {
        let now: Time = "2026-11-23T12:00:00.5Z".parse().unwrap();
        let minutes = |ago: i64| now - Duration::minutes(ago);
        let before = |changed_at| Before { is_new_issue: false, waited: false, awaited_customer: false, changed_at };
        for (changed, sent, expected) in [
            (None, Some(30), minutes(30) + Duration::seconds(1)),
            (Some(60), Some(30), minutes(30) + Duration::seconds(1)),
            (Some(20), Some(30), minutes(20)),
            (None, Some(0), now),
            (None, Some(-5), now),
            (None, Some(25 * 60), now),
            (None, None, now),
        ] {
            let written_at = before(changed.map(minutes)).written_at(sent.map(minutes), now);
            assert_eq!(written_at, expected, "changed {changed:?} and sent {sent:?} minutes ago");
        }
        assert_eq!(before(None).written_at(Some(Time::MAX_UTC), now), now);
    }
}
