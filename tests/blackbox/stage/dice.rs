//! Chance that can be repeated.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Set to the seed that a failed test printed, in order to see it fail again.
const SEED_VARIABLE: &str = "SWITCHBOARD_TEST_SEED";

/// A source of random numbers (xorshift64*, which is good enough to choose moments and customers).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Takes a new seed and prints it, for the output of a test that fails.
    pub fn new() -> Self {
        let given = std::env::var(SEED_VARIABLE).ok().map(|seed| seed.parse().expect("the seed is a whole number"));
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(()) | 1);
        println!("{SEED_VARIABLE}={seed}");
        Self(seed)
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end
    }

    /// A duration between two numbers of milliseconds.
    pub fn between_millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }
}
