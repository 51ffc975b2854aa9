//! The schema over a real desk on SQLite, executed without a transport.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

mod changes;
mod conventions;
mod events;
mod filters;
mod identity;
mod ids;
mod mutations;
mod pages;
mod published;
mod rights;
mod server;
mod stage;
