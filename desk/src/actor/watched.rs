//! Whether somebody watches for changes of rights.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How old the last look for changes may be. Rights that are taken away end within this, plus
/// what it takes to read them anew.
const CURRENT: Duration = Duration::from_millis(900);

/// When changes of rights were last looked for.
pub(super) struct Watched {
    since: Instant,
    /// In milliseconds after `since`, and one more, so that zero is never.
    looked_at_millis: AtomicU64,
}

impl Default for Watched {
    fn default() -> Self {
        Self { since: Instant::now(), looked_at_millis: AtomicU64::new(0) }
    }
}

impl Watched {
    /// Notes that every change was seen which was there at a time.
    pub(super) fn looked(&self, at: Instant) {
        self.looked_at_millis.store(self.millis(at) + 1, Ordering::Release);
    }

    /// Whether the last look was a moment ago.
    pub(super) fn is_current(&self) -> bool {
        let Some(looked_at) = self.looked_at_millis.load(Ordering::Acquire).checked_sub(1) else { return false };
        u128::from(self.millis(Instant::now()).saturating_sub(looked_at)) < CURRENT.as_millis()
    }

    fn millis(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.since).as_millis()).unwrap_or(u64::MAX - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_current_for_a_moment() {
        let watched = Watched::default();
        assert!(!watched.is_current(), "nobody has looked yet");
        watched.looked(Instant::now());
        assert!(watched.is_current());
        let long_ago = Watched { since: Instant::now() - 2 * CURRENT, looked_at_millis: AtomicU64::new(0) };
        long_ago.looked(long_ago.since);
        assert!(!long_ago.is_current());
    }
}
