//! The audit log: who did what to which object.

mod filter;
mod object;
mod query;

pub(crate) use query::AuditQuery;
