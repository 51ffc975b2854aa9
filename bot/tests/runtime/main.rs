//! The whole front door: a real desk and a fake Bot API over real HTTP. The desk is on SQLite, except where several
//! processes share it.

mod bots;
mod conversation;
mod delivery;
mod leases;
mod sandbox;
mod stage;
mod webhooks;
