//! Choices that look random and are the same in every run.

/// A generator of numbers, seeded; SplitMix64 (<https://doi.org/10.1145/2660193.2660195>).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn seeded(seed: usize) -> Self {
        Self(u64::try_from(seed).unwrap_or_default())
    }

    /// One of the first `count` indices; zero if there are none.
    pub fn index(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        mixed.checked_rem(count).and_then(|index| usize::try_from(index).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_comes_up_and_no_other() {
        let mut dice = Dice::seeded(1);
        let mut seen = [0; 4];
        for _ in 0..1_000 {
            seen[dice.index(4)] += 1;
        }
        assert!(seen.iter().all(|count| *count > 150), "{seen:?}");
        assert_eq!(dice.index(0), 0);
    }
}
