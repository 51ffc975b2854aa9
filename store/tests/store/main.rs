//! What the store promises, on both engines.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

mod api_tokens;
mod audit;
mod cancellation;
mod constraints;
mod customers;
mod dice;
mod doorbell;
mod errors;
mod events;
mod fixture;
mod inbox;
mod jobs;
mod leases;
mod migrations;
mod opening;
mod outbox;
mod queues;
mod records;
mod retention;
mod rights;
mod search;
mod sessions;
mod statistics;
mod time;
mod tls;
mod transactions;
mod upgrade;
mod visibility;
