//! Moments by key, in bounded memory.

use std::collections::HashMap;
use std::hash::Hash;

use domain::Time;

/// The most entries of a ledger.
const LARGEST: usize = 16_384;

/// A moment for each of many keys. Moments that are past mean nothing and may be forgotten at any time.
///
/// Whoever can make up keys must not fill the memory, nor push out what counts against them. So a full ledger forgets
/// first what is past and then the half that is past soonest, which is what has been spent least of.
#[derive(Debug)]
pub(super) struct Ledger<K>(HashMap<K, Time>);

impl<K> Default for Ledger<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Copy + Eq + Hash> Ledger<K> {
    pub(super) fn get(&self, key: K) -> Option<Time> {
        self.0.get(&key).copied()
    }

    pub(super) fn set(&mut self, key: K, moment: Time, now: Time) {
        if moment <= now {
            self.0.remove(&key);
            return;
        }
        if self.0.len() >= LARGEST && !self.0.contains_key(&key) {
            self.make_room(now);
        }
        self.0.insert(key, moment);
    }

    pub(super) fn remove(&mut self, key: K) {
        self.0.remove(&key);
    }

    /// Leaves at most half of the room taken, so that the work is worth it.
    fn make_room(&mut self, now: Time) {
        self.0.retain(|_, moment| *moment > now);
        if self.0.len() > LARGEST / 2 {
            let mut moments: Vec<Time> = self.0.values().copied().collect();
            let middle = moments.len() / 2;
            let (_, median, _) = moments.select_nth_unstable(middle);
            let median = *median;
            self.0.retain(|_, moment| *moment > median);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_full_ledger_keeps_the_latest_moments() {
        let mut ledger = Ledger::default();
        ledger.set(-1, at(1_000_000), at(0));
        for key in 0..10 * LARGEST {
            ledger.set(key.cast_signed(), at(1) + TimeDelta::microseconds(key.cast_signed() as i64), at(0));
            assert!(ledger.0.len() <= LARGEST);
        }
        assert_eq!(ledger.get(-1), Some(at(1_000_000)));
    }

    #[test]
    fn what_is_past_is_forgotten_first() {
        let mut ledger = Ledger::default();
        for key in 0..LARGEST - 10 {
            ledger.set(key, at(1), at(0));
        }
        for key in LARGEST - 10..LARGEST + 1 {
            ledger.set(key, at(10), at(2));
        }
        assert_eq!(ledger.0.len(), 11);
    }

    #[test]
    fn a_past_moment_takes_no_room() {
        let mut ledger = Ledger::default();
        ledger.set(1, at(1), at(0));
        ledger.set(1, at(1), at(1));
        assert!(ledger.0.is_empty());
    }
}
