//! The queries. This module is compiled twice, once against the `Conn` of each engine, so
//! that each statement is checked against both on every build.

use super::{Conn, Db, dialect};

pub(crate) mod prepared;
pub(crate) mod schema;

mod agent_inbox;
pub(crate) mod agents;
pub(crate) mod api_tokens;
pub(crate) mod arrivals;
pub(crate) mod attributes;
pub(crate) mod audit;
pub(crate) mod bot_texts;
pub(crate) mod bots;
pub(crate) mod buttons;
mod customer_filter;
pub(crate) mod customer_notes;
pub(crate) mod customers;
pub(crate) mod departures;
pub(crate) mod diversion;
pub(crate) mod erasure;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod idempotency;
pub(crate) mod inbox;
pub(crate) mod jobs;
pub(crate) mod leases;
pub(crate) mod messages;
pub(crate) mod meta;
pub(crate) mod migrations;
pub(crate) mod open_calls;
pub(crate) mod outbox;
pub(crate) mod polls;
pub(crate) mod presses;
pub(crate) mod projects;
pub(crate) mod retention;
pub(crate) mod sandbox;
mod session_filter;
pub(crate) mod sessions;
pub(crate) mod staff;
pub(crate) mod tags;
pub(crate) mod teams;
pub(crate) mod tokens;
pub(crate) mod traces;
pub(crate) mod transfers;
pub(crate) mod views;
pub(crate) mod visibility;
