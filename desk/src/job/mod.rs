//! What is due later.

mod retention;
mod runner;

use chrono::Duration;

pub use runner::JobRunner;
pub(crate) use runner::Next;

/// How long until it is looked again whether there is something to do in a project that is put away: it may be taken back.
pub(crate) const PUT_AWAY: Duration = Duration::hours(1);
