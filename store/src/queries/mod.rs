//! The queries. This module is compiled twice, once against the `Conn` of each engine, so
//! that each statement is checked against both on every build.

use super::{Conn, Db, dialect};

pub(crate) mod prepared;
pub(crate) mod schema;

pub(crate) mod agents;
pub(crate) mod api_tokens;
pub(crate) mod customers;
pub(crate) mod events;
pub(crate) mod idempotency;
pub(crate) mod inbox;
pub(crate) mod jobs;
pub(crate) mod leases;
pub(crate) mod messages;
pub(crate) mod meta;
pub(crate) mod outbox;
pub(crate) mod projects;
pub(crate) mod retention;
pub(crate) mod sandbox;
mod session_filter;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod views;
