//! How slowly a client may send a file.

use std::time::Duration;

/// The least that a client sends in the long run. The largest file takes half an hour at this pace.
const LEAST_BYTES_PER_SECOND: u64 = 32 * 1024;

/// Watches that a client neither falls silent nor trickles. The time that the desk itself takes does not count.
#[derive(Debug)]
pub(super) struct Pace {
    grace: Duration,
    waited: Duration,
    received_bytes: u64,
}

impl Pace {
    /// For a client that may be silent for so long at a time, and that late at the end.
    pub(super) fn new(grace: Duration) -> Self {
        Self { grace, waited: Duration::ZERO, received_bytes: 0 }
    }

    /// Notes what came after a wait, and says whether the client is fast enough still.
    pub(super) fn keeps_up(&mut self, waited: Duration, received_bytes: usize) -> bool {
        self.waited += waited;
        self.received_bytes += received_bytes as u64;
        self.waited <= self.grace + Duration::from_secs(self.received_bytes / LEAST_BYTES_PER_SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_trickles_is_too_slow_after_a_while() {
        let mut pace = Pace::new(Duration::from_secs(10));
        let seconds = (1..100).take_while(|_| pace.keeps_up(Duration::from_secs(1), 1)).count();
        assert_eq!(seconds, 10);
    }

    #[test]
    fn who_sends_enough_may_take_as_long_as_it_takes() {
        let mut pace = Pace::new(Duration::from_secs(10));
        assert!((1..10_000).all(|_| pace.keeps_up(Duration::from_secs(1), 32 * 1024)));
    }
}
