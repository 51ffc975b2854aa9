//! Canned replies: texts that agents have ready.

mod create;
mod delete;
mod loader;
mod object;
mod query;
mod update;

pub(crate) use create::CannedReplyCreate;
pub(crate) use delete::CannedReplyDelete;
pub(crate) use loader::CannedReplyById;
pub(crate) use object::CannedReply;
pub(crate) use query::CannedReplyQuery;
pub(crate) use update::CannedReplyUpdate;
