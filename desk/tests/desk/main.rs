//! What the use cases promise when several of them, or several processes, get in each other's way, and when the
//! database fails. What a single caller sees is tested through the doors.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

mod intake;
mod jobs;
mod letters;
mod outbox;
mod renewal;
mod reset;
mod sessions;
mod stage;
