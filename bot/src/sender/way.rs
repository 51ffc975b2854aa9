//! Whether the way to Telegram is open.

use std::time::Duration;

use tokio::time::Instant;

use crate::backoff::{Backoff, Pauses};

/// Whether the way to Telegram is open for one bot. While the token is not accepted or no
/// connection comes about, one call at a time tries it, after longer and longer pauses, so that
/// the others wait in the outbox and not in vain requests.
#[derive(Debug)]
pub(super) struct Way {
    obstacle: Option<Obstacle>,
    frozen_until: Option<Instant>,
    backoff: Backoff,
}

#[derive(Debug)]
struct Obstacle {
    met_at: Instant,
    until: Instant,
}

/// How many calls may go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// Any number.
    Open,
    /// One, to see whether the obstacle is gone.
    Trial,
    /// None before this time.
    Closed(Instant),
}

impl Way {
    pub(super) fn new() -> Self {
        Self { obstacle: None, frozen_until: None, backoff: Backoff::default() }
    }

    /// How many calls may go now.
    pub(super) fn passage(&self, now: Instant) -> Passage {
        if let Some(until) = self.frozen_until.filter(|until| *until > now) {
            return Passage::Closed(until);
        }
        match &self.obstacle {
            None => Passage::Open,
            Some(obstacle) if obstacle.until > now => Passage::Closed(obstacle.until),
            Some(_) => Passage::Trial,
        }
    }

    /// A call that was started at some time did not get through. Those that were under way
    /// together met one obstacle, which counts once. Answers how long the way is closed now.
    pub(super) fn obstructed(&mut self, started_at: Instant, now: Instant, pauses: Pauses) -> Duration {
        let is_known = self.obstacle.as_ref().is_some_and(|obstacle| started_at <= obstacle.met_at);
        if !is_known {
            self.obstacle = Some(Obstacle { met_at: now, until: now + self.backoff.next_pause(pauses) });
        }
        self.obstacle.as_ref().map_or(Duration::ZERO, |obstacle| obstacle.until.saturating_duration_since(now))
    }

    /// A call got through, whatever Telegram said to it.
    pub(super) fn cleared(&mut self) {
        self.obstacle = None;
        self.backoff.reset();
    }

    /// Telegram wants to hear nothing from the bot until then.
    pub(super) fn freeze(&mut self, until: Instant) {
        self.frozen_until = self.frozen_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backoff::OUTAGE;

    #[test]
    fn an_obstacle_closes_the_way_and_then_lets_one_call_try() {
        let start = Instant::now();
        let mut way = Way::new();
        assert_eq!(way.passage(start), Passage::Open);
        let pause = way.obstructed(start, start, OUTAGE);
        assert_eq!(way.passage(start), Passage::Closed(start + pause));
        assert_eq!(way.passage(start + pause), Passage::Trial);
        way.cleared();
        assert_eq!(way.passage(start), Passage::Open);
    }

    #[test]
    fn calls_under_way_together_meet_one_obstacle() {
        let start = Instant::now();
        let now = start + Duration::from_millis(5);
        let mut way = Way::new();
        let pause = way.obstructed(start, now, OUTAGE);
        for _ in 0..31 {
            assert_eq!(way.obstructed(start, now, OUTAGE), pause);
        }
    }

    #[test]
    fn each_vain_trial_makes_the_pause_longer() {
        let mut now = Instant::now();
        let mut way = Way::new();
        let mut total = Duration::ZERO;
        for _ in 0..8 {
            now += Duration::from_millis(1);
            let pause = way.obstructed(now, now, OUTAGE);
            now += pause;
            total += pause;
        }
        assert!(total > Duration::from_secs(20), "{total:?}");
    }

    #[test]
    fn a_freeze_lasts_even_if_calls_that_were_under_way_get_through() {
        let start = Instant::now();
        let until = start + Duration::from_secs(30);
        let mut way = Way::new();
        way.freeze(until);
        way.freeze(start + Duration::from_secs(10));
        way.cleared();
        assert_eq!(way.passage(start), Passage::Closed(until));
        assert_eq!(way.passage(until), Passage::Open);
    }
}
