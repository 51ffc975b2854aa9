//! The mark in the text of a published message, by which whoever receives it knows when it was published.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const MARK: &str = "published-";
const DIGITS: usize = 6;

/// When messages were published.
#[derive(Debug)]
pub struct PublishTimes {
    start: Instant,
    /// Nanoseconds after the start; zero for what is not published.
    at: Vec<AtomicU64>,
}

impl PublishTimes {
    /// For messages numbered from 0 to `count`, of which none is published.
    pub fn new(count: usize) -> Self {
        Self { start: Instant::now(), at: (0..count).map(|_| AtomicU64::new(0)).collect() }
    }

    /// The text of a message, which is about to be published.
    pub fn publish(&self, number: usize) -> String {
        if let Some(at) = self.at.get(number) {
            at.store(nanos(self.start.elapsed()).max(1), Ordering::Release);
        }
        format!("{MARK}{number:0DIGITS$} and now we will look into it")
    }

    /// Which message this is, and how long ago it was published. Nothing if it is not one of these.
    pub fn receive(&self, payload: &[u8]) -> Option<(usize, Duration)> {
        let mark = memchr::memmem::find(payload, MARK.as_bytes())?;
        let digits = payload.get(mark + MARK.len()..)?.get(..DIGITS)?;
        let number: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
        let at = Duration::from_nanos(self.at.get(number)?.load(Ordering::Acquire));
        (!at.is_zero()).then(|| (number, self.start.elapsed().saturating_sub(at)))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_known_by_its_mark() {
        let times = PublishTimes::new(20);
        let text = times.publish(17);
        let payload = format!("{{\"text\":\"{text}\"}}");
        assert_eq!(times.receive(payload.as_bytes()).unwrap().0, 17);
        assert!(times.receive(b"something else").is_none());
        assert!(times.receive(b"published-000003").is_none(), "not published yet");
        assert!(times.receive(b"published-999999").is_none());
    }
}
