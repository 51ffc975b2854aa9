//! Budgets of attempts that refill with time.

use chrono::TimeDelta;

use crate::Time;

/// How often something may be tried: so many times at once, and once more whenever the refill time has gone by.
///
/// This is the generic cell rate algorithm (ITU-T I.371, annex A), so that all there is to remember of a budget is one
/// moment: when it will be whole again. A budget that is whole needs no memory at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many attempts a whole budget has, at least 1.
    pub attempts: i32,
    /// How long it takes until one attempt has come back.
    pub refill: TimeDelta,
}

impl Budget {
    /// How long to wait for the next attempt; nothing if there is one now.
    ///
    /// `whole_at` is what [`spend`](Self::spend) answered the last time, if it did.
    pub fn wait(&self, whole_at: Option<Time>, now: Time) -> TimeDelta {
        (self.missing(whole_at, now) + self.refill - self.whole()).max(TimeDelta::zero())
    }

    /// Spends an attempt, if need be one that is not there yet, and answers when the budget will be whole again.
    #[must_use]
    pub fn spend(&self, whole_at: Option<Time>, now: Time) -> Time {
        now + (self.missing(whole_at, now) + self.refill).min(self.whole())
    }

    /// Gives an attempt back and answers when the budget will be whole again.
    #[must_use]
    pub fn give_back(&self, whole_at: Option<Time>, now: Time) -> Time {
        now + (self.missing(whole_at, now) - self.refill).max(TimeDelta::zero())
    }

    /// What is missing, as the time until it has come back. Never more than there can be, even if the clock was set back.
    fn missing(&self, whole_at: Option<Time>, now: Time) -> TimeDelta {
        whole_at.map_or(TimeDelta::zero(), |whole_at| (whole_at - now).clamp(TimeDelta::zero(), self.whole()))
    }

    fn whole(&self) -> TimeDelta {
        self.refill * self.attempts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget { attempts: 3, refill: TimeDelta::seconds(10) };

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn wait(whole_at: Time, seconds: i64) -> i64 {
        BUDGET.wait(Some(whole_at), at(seconds)).num_seconds()
    }

    fn spent(attempts: usize) -> Time {
        (0..attempts).fold(at(0), |whole_at, _| BUDGET.spend(Some(whole_at), at(0)))
    }

    #[test]
    fn so_many_attempts_are_there_at_once() {
        assert_eq!(BUDGET.wait(None, at(0)), TimeDelta::zero());
        assert_eq!(wait(spent(2), 0), 0);
        assert_eq!(wait(spent(3), 0), 10);
    }

    #[test]
    fn one_attempt_comes_back_with_each_refill_time() {
        assert_eq!(wait(spent(3), 9), 1);
        assert_eq!(wait(spent(3), 10), 0);
        let after_one_more = BUDGET.spend(Some(spent(3)), at(10));
        assert_eq!(wait(after_one_more, 10), 10);
        assert_eq!(wait(after_one_more, 20), 0);
        // Whoever waits gets no more than the whole.
        assert_eq!(BUDGET.spend(Some(spent(3)), at(10_000)), at(10_010));
    }

    #[test]
    fn attempts_beyond_the_budget_do_not_lengthen_the_wait() {
        assert_eq!(wait(spent(100), 0), 10);
    }

    #[test]
    fn what_is_given_back_is_there_again() {
        assert_eq!(wait(BUDGET.give_back(Some(spent(3)), at(0)), 0), 0);
        assert_eq!(BUDGET.give_back(None, at(0)), at(0));
    }

    #[test]
    fn a_clock_that_was_set_back_costs_no_more_than_an_empty_budget() {
        assert_eq!(wait(at(1_000_000), 0), 10);
        assert_eq!(BUDGET.spend(Some(at(1_000_000)), at(0)), at(30));
    }
}
