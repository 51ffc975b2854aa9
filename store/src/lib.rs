//! The only crate that knows how a desk is kept: on an embedded SQLite or on PostgreSQL.
//!
//! The queries are written once, in `queries/`, and compiled once for each engine. [`Tx`] and
//! [`Reader`] choose the engine at run time. A [`Tx`] that is dropped without a commit is
//! rolled back before the next user of the pool gets its connection, or takes it along.
#![expect(clippy::duplicate_mod, reason = "the queries are compiled once for each engine")]

pub mod agents;
pub mod api_tokens;
pub mod bulk_requests;
pub mod buttons;
mod catalogue;
mod connect;
pub mod desk_tools;
mod error;
pub mod events;
pub mod files;
pub mod idempotency;
pub mod inbox;
pub mod invitations;
pub mod jobs;
pub mod knowledge;
mod listen;
mod mapping;
pub mod messages;
mod migrate;
mod open_error;
pub mod outbox;
pub mod people;
mod postgres;
pub mod presence;
mod private_file;
pub mod projects;
pub mod ratings;
pub mod retention;
pub mod rights;
pub mod routing;
pub mod sandbox;
pub mod saved_views;
pub mod search;
pub mod sessions;
pub mod sla;
mod sqlite;
pub mod statistics;
pub mod tickets;
pub mod todos;
pub mod tokens;
pub mod traces;
pub mod transfers;
pub mod triggers;
mod tx;

pub use connect::{Sharing, Store};
pub use error::{Error, Result};
pub use listen::Doorbell;
pub use open_error::OpenError;
pub use tx::{Queries, Reader, Tx};
