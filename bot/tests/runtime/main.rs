//! The whole front door: a real desk on SQLite and a fake Bot API over real HTTP.

mod bots;
mod conversation;
mod delivery;
mod leases;
mod sandbox;
mod stage;
mod webhooks;
