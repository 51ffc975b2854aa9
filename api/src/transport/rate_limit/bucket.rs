//! The bucket of one actor.

use std::time::{Duration, Instant};

use super::RateLimitSettings;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A token bucket, kept as the moment at which it will be full again (the "theoretical arrival time" of the generic cell
/// rate algorithm, ITU-T I.371). A bucket whose moment has passed is full, and the same as none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    full_at: Instant,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(now: Instant) -> Self {
        Self { full_at: now }
    }

    pub(super) fn is_full(self, now: Instant) -> bool {
        self.full_at <= now
    }

    /// How long until it is full.
    pub(super) fn full_in(self, now: Instant) -> Duration {
        self.full_at.saturating_duration_since(now)
    }

    /// Whole points that are in it.
    pub(super) fn remaining(self, now: Instant, settings: RateLimitSettings) -> u32 {
        let missing = self.full_in(now).as_nanos() * u128::from(rate(settings));
        let missing = missing.div_ceil(u128::from(NANOS_PER_SECOND));
        settings.points.saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX))
    }

    /// Takes points out, or says how long to wait until there are enough. What costs more than a whole bucket takes a
    /// full one.
    pub(super) fn take(&mut self, points: u32, now: Instant, settings: RateLimitSettings) -> Result<(), Duration> {
        let full_at = self.full_at.max(now) + time_for(points.min(settings.points), settings);
        let too_far = full_at.saturating_duration_since(now + time_for(settings.points, settings));
        // Taking nothing is possible at any time.
        if points > 0 && !too_far.is_zero() {
            return Err(too_far);
        }
        self.full_at = full_at;
        Ok(())
    }
}

/// How long so many points take to flow in.
fn time_for(points: u32, settings: RateLimitSettings) -> Duration {
    Duration::from_nanos((u64::from(points) * NANOS_PER_SECOND).div_ceil(rate(settings)))
}

fn rate(settings: RateLimitSettings) -> u64 {
    u64::from(settings.points_per_second.max(1))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Bucket, RateLimitSettings};

    const SETTINGS: RateLimitSettings = RateLimitSettings { points: 100, points_per_second: 10 };

    #[test]
    fn a_bucket_gives_what_it_holds_and_then_as_much_as_flows_in() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        assert_eq!(bucket.remaining(start, SETTINGS), 100);
        assert_eq!(bucket.take(60, start, SETTINGS), Ok(()));
        assert_eq!(bucket.take(40, start, SETTINGS), Ok(()));
        assert_eq!(bucket.remaining(start, SETTINGS), 0);
        assert_eq!(bucket.full_in(start), Duration::from_secs(10));
        assert_eq!(bucket.take(1, start, SETTINGS), Err(Duration::from_millis(100)));
        assert_eq!(bucket.take(30, start, SETTINGS), Err(Duration::from_secs(3)));

        let later = start + Duration::from_millis(2_950);
        assert_eq!(bucket.remaining(later, SETTINGS), 29);
        assert_eq!(bucket.take(30, later, SETTINGS), Err(Duration::from_millis(50)));
        assert_eq!(bucket.take(29, later, SETTINGS), Ok(()));
        assert!(bucket.is_full(later + Duration::from_secs(10)));
    }

    #[test]
    fn a_bucket_never_holds_more_than_it_can() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        let much_later = start + Duration::from_secs(3_600);
        assert_eq!(bucket.remaining(much_later, SETTINGS), 100);
        assert_eq!(bucket.take(100, much_later, SETTINGS), Ok(()));
        assert!(bucket.take(1, much_later, SETTINGS).is_err());
    }

    #[test]
    fn what_costs_more_than_a_bucket_takes_a_full_one_and_nothing_is_free_at_any_time() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        assert_eq!(bucket.take(1_000, start, SETTINGS), Ok(()));
        assert_eq!(bucket.take(0, start, SETTINGS), Ok(()));
        assert_eq!(bucket.take(1_000, start, SETTINGS), Err(Duration::from_secs(10)));
        assert_eq!(bucket.remaining(start, SETTINGS), 0);
    }
}
