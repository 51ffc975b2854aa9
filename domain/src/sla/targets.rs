//! How soon something is promised.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::named_enum;

named_enum! {
    /// What is promised.
    pub enum Metric {
        /// The first answer of an agent.
        FirstResponse = "FIRST_RESPONSE",
        /// The answer to the first of the messages that nobody has answered since the last one.
        NextResponse = "NEXT_RESPONSE",
        /// That the matter is resolved.
        Resolution = "RESOLUTION",
    }
}

/// The longest time that can be promised.
pub const LONGEST_TARGET: Duration = Duration::days(90);

/// How much working time there is for each promise. None at all is legal and means at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Seconds", into = "Seconds")]
pub struct Targets {
    /// Until the first answer.
    pub first_response: Duration,
    /// Until each further answer.
    pub next_response: Duration,
    /// Until the matter is resolved.
    pub resolution: Duration,
}

impl Targets {
    /// Further answers are promised as soon as the first one.
    pub(super) const fn of_minutes(response: i64, resolution: i64) -> Self {
        let response = Duration::minutes(response);
        Self { first_response: response, next_response: response, resolution: Duration::minutes(resolution) }
    }

    /// The time for one promise.
    pub const fn of(self, metric: Metric) -> Duration {
        match metric {
            Metric::FirstResponse => self.first_response,
            Metric::NextResponse => self.next_response,
            Metric::Resolution => self.resolution,
        }
    }

    /// Whether each of the times can be promised.
    pub(super) fn are_possible(self) -> bool {
        let is_possible = |metric: &Metric| (Duration::zero()..=LONGEST_TARGET).contains(&self.of(*metric));
        Metric::ALL.iter().all(is_possible)
    }
}

/// The times in seconds, as they are stored.
#[derive(Serialize, Deserialize)]
struct Seconds {
    first_response: i64,
    next_response: i64,
    resolution: i64,
}

impl From<Targets> for Seconds {
    fn from(targets: Targets) -> Self {
        Self {
            first_response: targets.first_response.num_seconds(),
            next_response: targets.next_response.num_seconds(),
            resolution: targets.resolution.num_seconds(),
        }
    }
}

impl From<Seconds> for Targets {
    fn from(stored: Seconds) -> Self {
        let time = |seconds: i64| Duration::try_seconds(seconds).unwrap_or(LONGEST_TARGET);
        Self {
            first_response: time(stored.first_response),
            next_response: time(stored.next_response),
            resolution: time(stored.resolution),
        }
    }
}
