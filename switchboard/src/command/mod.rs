//! The commands.

pub mod admin;
pub mod migrate;
pub mod schema;
pub mod serve;
