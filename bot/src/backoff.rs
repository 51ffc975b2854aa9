//! Waiting longer after each failure in a row.

use std::time::Duration;

use crate::telegram::CallError;

/// The shortest and the longest pause after failures of one sort.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pauses {
    first: Duration,
    longest: Duration,
}

/// Something is out of reach for the moment: Telegram or the database.
pub(crate) const OUTAGE: Pauses = Pauses { first: Duration::from_millis(250), longest: Duration::from_secs(15) };

/// Another poller or a webhook is in the way, perhaps one that is just being stopped.
pub(crate) const CONFLICT: Pauses = Pauses { first: Duration::from_secs(5), longest: Duration::from_secs(60) };

/// Telegram will say no until a person changes something.
pub(crate) const REFUSED: Pauses = Pauses { first: Duration::from_secs(30), longest: Duration::from_secs(300) };

/// Counts failures in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The pause after one more failure: twice as long as the last, and up to half of it left
    /// out at random, so that many bots do not come back in the same moment.
    pub(crate) fn next_pause(&mut self, pauses: Pauses) -> Duration {
        let full = pauses.first.saturating_mul(2_u32.saturating_pow(self.failures)).min(pauses.longest);
        self.failures = self.failures.saturating_add(1);
        full.mul_f64(1.0 - random_fraction() / 2.0)
    }

    /// The pause after a call that failed.
    pub(crate) fn pause_after(&mut self, error: &CallError) -> Duration {
        match error {
            CallError::RetryAfter(wait) => *wait,
            CallError::Unauthorized | CallError::Refused { .. } => self.next_pause(REFUSED),
            CallError::Conflict(_) => self.next_pause(CONFLICT),
            CallError::Unavailable(_) => self.next_pause(OUTAGE),
        }
    }

    /// It went well.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// A number from 0 up to 1. Without randomness it is 0.
fn random_fraction() -> f64 {
    let mut byte = [0];
    match aws_lc_rs::rand::fill(&mut byte) {
        Ok(()) => f64::from(byte[0]) / 256.0,
        Err(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut backoff = Backoff::default();
        for full in [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000] {
            let full = Duration::from_millis(full);
            let pause = backoff.next_pause(OUTAGE);
            assert!(pause <= full && pause >= full / 2, "{pause:?} of {full:?}");
        }
        backoff.reset();
        assert!(backoff.next_pause(OUTAGE) <= OUTAGE.first);
    }

    #[test]
    fn failures_without_end_do_not_overflow() {
        let mut backoff = Backoff { failures: u32::MAX };
        assert!(backoff.next_pause(REFUSED) <= REFUSED.longest);
    }

    #[test]
    fn telegram_says_itself_how_long_to_wait() {
        let wait = Duration::from_secs(7_200);
        assert_eq!(Backoff::default().pause_after(&CallError::RetryAfter(wait)), wait);
    }
}
