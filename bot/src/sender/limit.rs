//! A limit on how often something may happen.

use std::time::Duration;

use tokio::time::Instant;

/// So many at once, and one more after each interval.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    interval: Duration,
    burst: u32,
}

/// What was used of a limit: when it would be as good as unused
/// (the “theoretical arrival time” of the generic cell rate algorithm, ITU-T I.371).
#[derive(Debug, Clone, Copy)]
pub(super) struct Used {
    pub(super) recovered_at: Instant,
}

impl Used {
    /// Nothing was used.
    pub(super) fn nothing(now: Instant) -> Self {
        Self { recovered_at: now }
    }
}

impl Limit {
    pub(super) fn new(interval: Duration, burst: u32) -> Self {
        Self { interval: interval.max(Duration::from_nanos(1)), burst: burst.max(1) }
    }

    /// So many in each second, and as many at once.
    pub(super) fn per_second(count: u32) -> Self {
        let count = count.max(1);
        Self::new(Duration::from_secs(1) / count, count)
    }

    /// How many may go now.
    pub(super) fn room(self, used: Used, now: Instant) -> usize {
        let horizon = now + self.interval.saturating_mul(self.burst);
        let free = horizon.saturating_duration_since(used.recovered_at.max(now));
        usize::try_from(free.as_nanos() / self.interval.as_nanos()).unwrap_or(usize::MAX)
    }

    /// How long until one may go.
    pub(super) fn wait(self, used: Used, now: Instant) -> Duration {
        let tolerated = now + self.interval.saturating_mul(self.burst - 1);
        used.recovered_at.saturating_duration_since(tolerated)
    }

    /// Counts one that costs as much as `cost`. It may be more than there is room for: then the next one waits for
    /// longer.
    pub(super) fn spend(self, used: &mut Used, cost: u32, now: Instant) {
        used.recovered_at = used.recovered_at.max(now) + self.interval.saturating_mul(cost);
    }
}
