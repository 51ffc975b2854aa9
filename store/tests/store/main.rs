//! What the store promises, on both engines.

mod cancellation;
mod constraints;
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
mod records;
mod retention;
mod sessions;
mod time;
mod transactions;
