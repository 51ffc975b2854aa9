//! The schema over a real desk on SQLite, executed without a transport.

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
