//! How fast bulk messages go out: carefully again after Telegram had enough.

use std::time::Duration;

use tokio::time::Instant;

use super::limit::{Limit, Used};

/// How long one more a second takes to be earned back.
const EARNING: Duration = Duration::from_secs(10);

/// The limit on a bot's bulk messages. It is halved when Telegram limits the bot or one of its chats, and grows again
/// by one a second for each ten seconds without that.
#[derive(Debug)]
pub(super) struct Bulk {
    most_per_second: u32,
    per_second: u32,
    since: Instant,
    used: Used,
}

impl Bulk {
    pub(super) fn new(most_per_second: u32, now: Instant) -> Self {
        let most_per_second = most_per_second.max(1);
        Self { most_per_second, per_second: most_per_second, since: now, used: Used::nothing(now) }
    }

    /// How many a second go out at present.
    pub(super) fn per_second(&self, now: Instant) -> u32 {
        let earned = now.saturating_duration_since(self.since).as_secs() / EARNING.as_secs();
        self.per_second.saturating_add(u32::try_from(earned).unwrap_or(u32::MAX)).min(self.most_per_second)
    }

    pub(super) fn room(&self, now: Instant) -> usize {
        self.limit(now).room(self.used, now)
    }

    pub(super) fn wait(&self, now: Instant) -> Duration {
        self.limit(now).wait(self.used, now)
    }

    pub(super) fn spend(&mut self, cost: u32, now: Instant) {
        self.limit(now).spend(&mut self.used, cost, now);
    }

    /// Telegram had enough. Limits that come together count once.
    pub(super) fn halve(&mut self, now: Instant) {
        let is_first = self.per_second == self.most_per_second;
        if is_first || now.saturating_duration_since(self.since) >= Duration::from_secs(1) {
            self.per_second = (self.per_second(now) / 2).max(1);
            self.since = now;
        }
    }

    fn limit(&self, now: Instant) -> Limit {
        Limit::per_second(self.per_second(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_flood_limit_halves_the_rate_once_and_it_grows_slowly_again() {
        let start = Instant::now();
        let mut bulk = Bulk::new(25, start);
        assert_eq!(bulk.per_second(start), 25);
        for _ in 0..5 {
            bulk.halve(start);
        }
        assert_eq!(bulk.per_second(start), 12);
        assert_eq!(bulk.per_second(after(start, 35)), 15);
        bulk.halve(after(start, 35));
        assert_eq!(bulk.per_second(after(start, 35)), 7);
        assert_eq!(bulk.per_second(after(start, 1_000)), 25, "never more than at first");
    }

    #[test]
    fn something_always_goes_out() {
        let start = Instant::now();
        let mut bulk = Bulk::new(25, start);
        for second in 0..10 {
            bulk.halve(after(start, second));
        }
        assert_eq!(bulk.per_second(after(start, 9)), 1);
        assert!(bulk.room(after(start, 11)) > 0);
    }
}
