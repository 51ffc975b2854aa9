//! How long things took.

use std::time::Duration;

/// How long many operations took, to the microsecond.
#[derive(Debug, Clone, Default)]
pub struct Latencies {
    micros: Vec<u32>,
}

impl Latencies {
    /// Notes one.
    pub fn add(&mut self, latency: Duration) {
        self.micros.push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    /// Notes all of another collection.
    pub fn absorb(&mut self, other: Self) {
        self.micros.extend(other.micros);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.micros.len()
    }

    /// The median and the 99th percentile, in milliseconds, by the nearest-rank method.
    pub fn p50_and_p99_millis(&mut self) -> (f64, f64) {
        self.micros.sort_unstable();
        (self.percentile_millis(50), self.percentile_millis(99))
    }

    fn percentile_millis(&self, percent: usize) -> f64 {
        let rank = (self.micros.len() * percent).div_ceil(100);
        let micros = self.micros.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        f64::from(micros) / 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let mut latencies = Latencies::default();
        for millis in (1..=200).rev() {
            latencies.add(Duration::from_millis(millis));
        }
        assert_eq!(latencies.p50_and_p99_millis(), (100.0, 198.0));
        assert_eq!(Latencies::default().p50_and_p99_millis(), (0.0, 0.0));
    }
}
