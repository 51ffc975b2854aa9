//! How fast a customer writes, so that one who floods the desk does not keep everybody from working.

use serde::{Deserialize, Serialize};

use crate::{CustomerKind, Time};

/// The length of the span that is looked at, in seconds.
const SPAN_SECONDS: i64 = 60;
/// How many messages one person may write in that span.
const MOST_OF_A_PERSON: u32 = 60;
/// How many messages may come in that span where many people write.
const MOST_OF_MANY: u32 = 300;

/// How fast a customer writes, by Telegram's clock. It is a sliding window of [`SPAN_SECONDS`], made of two counters:
/// of the span before only the part counts that the window still covers, as if its messages were spread evenly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// When the present span began, in seconds since 1970.
    since: i64,
    /// How many messages have come in it, let in or not.
    count: u32,
    /// How many came in the span before.
    before: u32,
    /// When the newest message was written, in seconds since 1970.
    latest: i64,
    /// Whether the customer floods and has been told so.
    told: bool,
}

/// What to do with a message that has just been counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rush {
    /// It is let in.
    Calm,
    /// It is one too many: the first of a flood, of which the customer is told, or a later one.
    Flood {
        /// Whether it is the first.
        first: bool,
    },
}

impl Pace {
    /// How many messages of such a customer are let in within a minute.
    pub fn limit(kind: CustomerKind) -> u32 {
        match kind {
            CustomerKind::Person => MOST_OF_A_PERSON,
            CustomerKind::Group | CustomerKind::Channel => MOST_OF_MANY,
        }
    }

    /// Counts a message that was written at a time. It is let in while no more than `limit` have come within the
    /// minute before; those that are not let in count as well, so that a flood is over when the customer stops. What
    /// was written long before the others is no flood: it had to wait.
    pub fn count(&mut self, written_at: Time, limit: u32) -> Rush {
        let at = written_at.timestamp();
        if at < self.since - SPAN_SECONDS {
            return Rush::Calm;
        }
        // What comes a little late belongs to the present span: one that is over is not counted anew.
        let at = at.max(self.since);
        self.latest = self.latest.max(at);
        let elapsed = at - self.since;
        if elapsed >= 2 * SPAN_SECONDS {
            *self = Self { since: at, latest: self.latest, ..Self::default() };
        } else if elapsed >= SPAN_SECONDS {
            *self = Self { since: self.since + SPAN_SECONDS, before: self.count, count: 0, ..*self };
        }
        self.count = self.count.saturating_add(1);
        // The present second is the last of the window.
        let covered = SPAN_SECONDS - 1 - (at - self.since);
        let within = i64::from(self.before) * covered / SPAN_SECONDS + i64::from(self.count);
        let is_flood = within > i64::from(limit);
        let first = is_flood && !self.told;
        // Only when it has become calm does the next flood count as another one.
        self.told = is_flood || (self.told && within > i64::from(limit / 2));
        if is_flood { Rush::Flood { first } } else { Rush::Calm }
    }

    /// When the newest message was written, if there was one.
    pub fn latest(&self) -> Option<Time> {
        Time::from_timestamp(self.latest, 0).filter(|_| self.latest > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::noon;
    use chrono::Duration;

    fn after(seconds: i64) -> Time {
        noon() + Duration::seconds(seconds)
    }

    #[test]
    fn so_many_are_let_in_within_a_minute_and_the_flood_is_told_once() {
        let mut pace = Pace::default();
        for second in 0..60 {
            assert_eq!(pace.count(after(second / 2), 60), Rush::Calm);
        }
        assert_eq!(pace.count(after(31), 60), Rush::Flood { first: true });
        assert_eq!(pace.count(after(31), 60), Rush::Flood { first: false });
    }

    #[test]
    fn a_flood_lasts_as_long_as_the_customer_goes_on_and_ends_a_minute_or_two_later() {
        let mut pace = Pace::default();
        for tenth in 0..6_000 {
            let rush = pace.count(after(tenth / 10), 60);
            assert_eq!(rush == Rush::Calm, tenth < 60, "{tenth}");
        }
        assert_eq!(pace.count(after(600 + 119), 60), Rush::Calm);
    }

    #[test]
    fn one_message_a_second_is_no_flood_and_what_comes_late_is_counted_now_unless_it_had_to_wait() {
        let mut pace = Pace::default();
        for second in 0..1_000 {
            assert_eq!(pace.count(after(second), 60), Rush::Calm, "{second}");
        }
        assert_eq!(pace.latest(), Some(after(999)));
        for _ in 0..100 {
            assert_eq!(pace.count(after(3), 60), Rush::Calm);
        }
        assert_eq!(pace.count(after(930), 60), Rush::Flood { first: true });
        assert_eq!(pace.latest(), Some(after(999)));
    }
}
