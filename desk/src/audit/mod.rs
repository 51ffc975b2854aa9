//! The audit log: who did what. Every use case that changes something for others writes an entry in its transaction.

mod list;
mod operation;
mod write;

pub(crate) use operation::operation_of;
pub(crate) use write::Audited;
