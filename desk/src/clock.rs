//! Where the time comes from.

use chrono::SubsecRound;
use domain::Time;

/// A source of the present time.
pub trait Clock: Send + Sync + 'static {
    /// The present time, to the microsecond.
    fn now(&self) -> Time;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the wall clock is read")]
    fn now(&self) -> Time {
        chrono::Utc::now().trunc_subsecs(6)
    }
}
