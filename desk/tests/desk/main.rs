//! What the use cases promise when several of them, or several processes, get in each other's way, and when the
//! database fails. What a single caller sees is tested through the doors.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

mod albums;
mod edits;
mod floods;
mod intake;
mod jobs;
mod letters;
mod locks;
mod migrations;
mod mixed_batches;
mod outbox;
mod people;
mod play;
mod presence;
mod presses;
mod races;
mod reachability;
mod reactions;
mod renewal;
mod reset;
mod routing;
mod search;
mod session_life;
mod sessions;
mod side_shows;
mod sla;
mod stage;
mod tags;
mod visibility;
