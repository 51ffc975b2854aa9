//! The audit log: who did what to which object.

mod details;
mod filter;
mod object;
mod query;

pub(crate) use query::AuditQuery;
