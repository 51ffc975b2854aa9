//! Who is there, and who is writing.
//!
//! An agent is there who follows a project by a subscription. Each process counts those who do so through it and keeps
//! the rows of them in the database fresh, which is where the others look. All of this is about open connections and goes
//! by the wall clock, also where the clock of a project is ahead.

mod ask;
mod attendance;
mod board;
mod follow;
mod keeper;

use chrono::Duration;

pub(crate) use attendance::{Attendance, Attending};
pub(crate) use board::{Board, Typing};
pub use follow::{PresenceChange, PresenceFeed};
pub use keeper::PresenceKeeper;

/// How long an agent counts as being there after the last that was known of them: somebody who reloads their console,
/// or whose process was killed, does not lose their sessions.
pub(crate) const GRACE: Duration = Duration::seconds(60);
