//! How often escalations were needless.

use crate::{AgentId, TriggerId};

/// Over how many of a hundred needless escalations there should be a training (article “From the first line to the
/// second line”, frequently asked questions: review the data regularly).
pub const TRAINING_RATE_PERCENT: i64 = 20;

/// How many escalations there were, and how many of them were needless.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many there were.
    pub escalated: i64,
    /// How many of them somebody found unnecessary.
    pub unnecessary: i64,
}

impl Rate {
    /// The part that was needless, from 0 to 1; nothing if there were none.
    pub fn unnecessary_rate(self) -> Option<f64> {
        (self.escalated > 0).then(|| self.unnecessary as f64 / self.escalated as f64)
    }

    /// Whether so many were needless that there should be a training.
    pub fn needs_training(self) -> bool {
        self.unnecessary * 100 > self.escalated * TRAINING_RATE_PERCENT
    }
}

impl std::ops::AddAssign for Rate {
    fn add_assign(&mut self, other: Self) {
        self.escalated += other.escalated;
        self.unnecessary += other.unnecessary;
    }
}

/// The rates of a project in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EscalationRates {
    /// Of all together.
    pub all: Rate,
    /// How many of them skipped the form.
    pub quick: i64,
    /// By who escalated, in ascending order; nobody stands for the desk itself.
    pub by_agent: Vec<(Option<AgentId>, Rate)>,
    /// By the trigger that made it happen or suggested it, in ascending order.
    pub by_trigger: Vec<(TriggerId, Rate)>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fifth_is_allowed_and_no_more() {
        let rate = |escalated, unnecessary| Rate { escalated, unnecessary };
        for (rate, needs_training) in [
            (rate(0, 0), false),
            (rate(5, 1), false),
            (rate(4, 1), true),
            (rate(100, 20), false),
            (rate(100, 21), true),
        ] {
            assert_eq!(rate.needs_training(), needs_training, "{rate:?}");
        }
        assert_eq!((rate(0, 0).unnecessary_rate(), rate(4, 1).unnecessary_rate()), (None, Some(0.25)));
    }

    proptest! {
        #[test]
        fn the_flag_says_what_the_rate_says(escalated in 1..10_000_i64, part in 0..=10_000_i64) {
            let rate = Rate { escalated, unnecessary: part.min(escalated) };
            let share = rate.unnecessary_rate().unwrap();
            prop_assert!((0.0..=1.0).contains(&share));
            // Exactly a fifth no floating point number hits.
            prop_assert!(rate.needs_training() == (share > 0.2) || rate.unnecessary * 5 == rate.escalated);
        }
    }
}
