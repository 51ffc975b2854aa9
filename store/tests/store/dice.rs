//! Chance that can be repeated.

/// A generator of random numbers (SplitMix64) with a known seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `sides - 1`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.roll(from.len() as u64)).unwrap()]
    }

    /// Up to `most` of these, some perhaps twice.
    pub fn some<T: Copy>(&mut self, from: &[T], most: u64) -> Vec<T> {
        (0..self.roll(most + 1)).map(|_| self.pick(from)).collect()
    }

    /// True in one of two cases.
    pub fn toss(&mut self) -> bool {
        self.roll(2) == 0
    }
}
