//! How often something was escalated, how often without need, and how long it took from then on.

use crate::statistics::Spread;
use crate::{AgentId, TriggerId};

/// Over how many of a hundred escalated sessions, or of a hundred needless escalations, there should be a training (articles
/// “From the first line to the second line”, frequently asked questions, and “SLA Management Guide”: review the data
/// regularly).
pub const TRAINING_RATE_PERCENT: i64 = 20;

/// The part of a whole, from 0 to 1; nothing of nothing.
fn part(some: i64, all: i64) -> Option<f64> {
    (all > 0).then(|| some as f64 / all as f64)
}

/// Whether a part is so large that there should be a training.
fn is_too_large(some: i64, all: i64) -> bool {
    some * 100 > all * TRAINING_RATE_PERCENT
}

/// How many sessions there were, and how many of them were escalated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many there were.
    pub sessions: i64,
    /// How many of them were escalated, however often.
    pub escalated: i64,
}

impl Share {
    /// The part that was escalated, from 0 to 1; nothing if there were none.
    pub fn escalation_rate(self) -> Option<f64> {
        part(self.escalated, self.sessions)
    }

    /// Whether so many were escalated that there should be a training.
    pub fn needs_training(self) -> bool {
        is_too_large(self.escalated, self.sessions)
    }
}

/// How many escalations there were, and how many of them were needless.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many there were.
    pub escalated: i64,
    /// Of how many of them somebody said whether there was need.
    pub judged: i64,
    /// How many of them somebody found unnecessary.
    pub unnecessary: i64,
}

impl Rate {
    /// The part that was needless, from 0 to 1; nothing if there were none.
    pub fn unnecessary_rate(self) -> Option<f64> {
        part(self.unnecessary, self.escalated)
    }

    /// Whether so many were needless that there should be a training.
    pub fn needs_training(self) -> bool {
        is_too_large(self.unnecessary, self.escalated)
    }
}

impl std::ops::AddAssign for Rate {
    fn add_assign(&mut self, other: Self) {
        self.escalated += other.escalated;
        self.judged += other.judged;
        self.unnecessary += other.unnecessary;
    }
}

/// What one agent escalated, or the desk itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfAgent {
    /// How many of the sessions that they worked on, by an answer, to the end or by escalating them. Nothing of the desk
    /// itself, which works on none.
    pub share: Share,
    /// How many escalations.
    pub rate: Rate,
}

/// The rates of a project in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EscalationRates {
    /// How many of all sessions.
    pub share: Share,
    /// Of all escalations together.
    pub all: Rate,
    /// How many of them skipped the form.
    pub quick: i64,
    /// From an escalation to the resolution of its ticket.
    pub time_to_resolution: Spread,
    /// By who escalated, in ascending order; nobody stands for the desk itself.
    pub by_agent: Vec<(Option<AgentId>, OfAgent)>,
    /// By the trigger that made it happen or suggested it, in ascending order.
    pub by_trigger: Vec<(TriggerId, Rate)>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fifth_is_allowed_and_no_more() {
        let rate = |escalated, unnecessary| Rate { escalated, judged: unnecessary, unnecessary };
        let share = |sessions, escalated| Share { sessions, escalated };
        for (all, some, needs_training) in
            [(0, 0, false), (5, 1, false), (4, 1, true), (100, 20, false), (100, 21, true)]
        {
            assert_eq!(rate(all, some).needs_training(), needs_training, "{some} of {all}");
            assert_eq!(share(all, some).needs_training(), needs_training, "{some} of {all}");
        }
        assert_eq!((rate(0, 0).unnecessary_rate(), rate(4, 1).unnecessary_rate()), (None, Some(0.25)));
        assert_eq!((share(0, 0).escalation_rate(), share(4, 1).escalation_rate()), (None, Some(0.25)));
    }

    proptest! {
        #[test]
        fn the_flag_says_what_the_rate_says(escalated in 1..10_000_i64, some in 0..=10_000_i64) {
            let rate = Rate { escalated, judged: escalated, unnecessary: some.min(escalated) };
            let share = rate.unnecessary_rate().unwrap();
            prop_assert!((0.0..=1.0).contains(&share));
            // Exactly a fifth no floating point number hits.
            prop_assert!(rate.needs_training() == (share > 0.2) || rate.unnecessary * 5 == rate.escalated);
        }
    }
}
