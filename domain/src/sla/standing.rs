//! Where a clock stands.

use chrono::Duration;

use crate::{Time, named_enum};

named_enum! {
    /// Where a clock stands.
    pub enum State {
        /// There is time.
        Pending = "PENDING",
        /// The time is about to run out.
        ImminentBreach = "IMMINENT_BREACH",
        /// The customer is waited for, and the time stands still.
        Paused = "PAUSED",
        /// The time has run out, and what was promised is still to be done.
        Breaching = "BREACHING",
        /// What was promised was done late, or given up when it was late.
        Breached = "BREACHED",
        /// What was promised was done in time.
        Achieved = "ACHIEVED",
        /// What was promised was given up when there was time left. It counts in no rate.
        Cancelled = "CANCELLED",
    }
}

impl State {
    /// Whether nothing more comes of the clock.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Breached | Self::Achieved | Self::Cancelled)
    }
}

/// Where a clock stands at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// When the time runs out, or ran out: the last moment that is in time. Empty while it stands still.
    pub due_at: Option<Time>,
    /// When there is a warning. Empty where there is none any more, or while the time stands still.
    pub warn_at: Option<Time>,
    /// Since when the time stands still.
    pub paused_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// The time that has counted.
    pub spent: Duration,
    /// The time that is left; none if it has run out.
    pub remaining: Duration,
}

impl Standing {
    /// When there is something to be told first, of a clock of which nothing was told yet.
    pub fn next_at(&self) -> Option<Time> {
        next_at(self.due_at, self.warn_at)
    }
}

/// When there is something to be told next: a warning, or else that the time has run out.
pub(super) fn next_at(due_at: Option<Time>, warn_at: Option<Time>) -> Option<Time> {
    let due_at = due_at?;
    Some(warn_at.filter(|warn_at| *warn_at < due_at).unwrap_or(due_at + Duration::microseconds(1)))
}
