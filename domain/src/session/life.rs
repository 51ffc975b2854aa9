//! How long sessions live.

use chrono::Duration;
use serde::{Deserialize, Serialize};

/// How long the sessions of a project live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Seconds", into = "Seconds")]
pub struct SessionLife {
    /// How long after closing a customer's message opens the same session again.
    pub reopen_window: Duration,
    /// How long a customer may be silent after the agent's last message before the session is closed.
    pub no_response_after: Duration,
    /// How long after it was resolved a session is closed if nothing comes back.
    pub close_after_resolve: Duration,
}

/// The longest of these times.
const LONGEST: Duration = Duration::days(366);

impl Default for SessionLife {
    fn default() -> Self {
        Self {
            reopen_window: Duration::hours(24),
            no_response_after: Duration::hours(24),
            close_after_resolve: Duration::minutes(30),
        }
    }
}

/// A time is longer than a year or shorter than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time is not between 0 and 31,622,400 seconds: give a time of up to 366 days")]
pub struct NotALife;

impl SessionLife {
    /// One of the times, from the number of its seconds.
    pub fn time(seconds: i64) -> Result<Duration, NotALife> {
        let time = Duration::try_seconds(seconds).ok_or(NotALife)?;
        if is_kept(time) { Ok(time) } else { Err(NotALife) }
    }

    /// Checks that each of the times is one that can be kept.
    pub fn check(self) -> Result<Self, NotALife> {
        let times = [self.reopen_window, self.no_response_after, self.close_after_resolve];
        if times.into_iter().all(is_kept) { Ok(self) } else { Err(NotALife) }
    }
}

fn is_kept(time: Duration) -> bool {
    (Duration::zero()..=LONGEST).contains(&time)
}

/// The times in seconds, as they are stored.
#[derive(Serialize, Deserialize)]
struct Seconds {
    reopen_window: i64,
    no_response_after: i64,
    close_after_resolve: i64,
}

impl From<SessionLife> for Seconds {
    fn from(life: SessionLife) -> Self {
        Self {
            reopen_window: life.reopen_window.num_seconds(),
            no_response_after: life.no_response_after.num_seconds(),
            close_after_resolve: life.close_after_resolve.num_seconds(),
        }
    }
}

impl TryFrom<Seconds> for SessionLife {
    type Error = NotALife;

    fn try_from(stored: Seconds) -> Result<Self, NotALife> {
        Ok(Self {
            reopen_window: Self::time(stored.reopen_window)?,
            no_response_after: Self::time(stored.no_response_after)?,
            close_after_resolve: Self::time(stored.close_after_resolve)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_between_nothing_and_a_year() {
        let life = SessionLife { reopen_window: LONGEST, ..SessionLife::default() };
        assert_eq!(life.check(), Ok(life));
        let too_long = SessionLife { reopen_window: LONGEST + Duration::microseconds(1), ..life };
        assert_eq!(too_long.check(), Err(NotALife));
        let negative = SessionLife { close_after_resolve: Duration::microseconds(-1), ..life };
        assert_eq!(negative.check(), Err(NotALife));
        assert_eq!(SessionLife::time(0), Ok(Duration::zero()));
        for seconds in [-1, LONGEST.num_seconds() + 1, i64::MAX] {
            assert_eq!(SessionLife::time(seconds), Err(NotALife));
        }
    }
}
