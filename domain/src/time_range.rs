//! The stretches of time that numbers are asked for.

use chrono::Duration;

use crate::Time;

/// The longest stretch.
pub const LONGEST: Duration = Duration::days(366);

/// A stretch of time on a project's clock that ends after its beginning and is at most [`LONGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    start: Time,
    end: Time,
}

/// The two times make no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the range does not end after its beginning and within 366 days: change `from` or `to`")]
pub struct NotARange;

impl TimeRange {
    /// From one time on until right before another.
    pub fn new(start: Time, end: Time) -> Result<Self, NotARange> {
        if start < end && end - start <= LONGEST { Ok(Self { start, end }) } else { Err(NotARange) }
    }

    /// Its first moment.
    pub const fn start(self) -> Time {
        self.start
    }

    /// The first moment after it.
    pub const fn end(self) -> Time {
        self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::noon;

    #[test]
    fn a_range_ends_after_its_beginning_and_within_a_leap_year() {
        let ends = |after: Duration| TimeRange::new(noon(), noon() + after);
        for (length, is_taken) in [
            (Duration::zero(), false),
            (-Duration::hours(1), false),
            (Duration::microseconds(1), true),
            (LONGEST, true),
            (LONGEST + Duration::microseconds(1), false),
        ] {
            assert_eq!(ends(length).is_ok(), is_taken, "{length}");
        }
        let hour = ends(Duration::hours(1)).unwrap();
        assert_eq!((hour.start(), hour.end()), (noon(), noon() + Duration::hours(1)));
        assert_eq!(TimeRange::new(Time::MIN_UTC, Time::MAX_UTC), Err(NotARange));
    }
}
