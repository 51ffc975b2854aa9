//! Tags of sessions and customers.

mod add;
mod archive;
mod create;
mod customer_add;
mod customer_remove;
mod loader;
mod merge;
mod object;
mod remove;
mod restore;
mod update;

pub(crate) use add::SessionTagsAdd;
pub(crate) use archive::TagArchive;
pub(crate) use create::TagCreate;
pub(crate) use customer_add::CustomerTagsAdd;
pub(crate) use customer_remove::CustomerTagsRemove;
pub(crate) use loader::{TagById, TagsOfCustomer, TagsOfSession};
pub(crate) use merge::TagMerge;
pub(crate) use object::Tag;
pub(crate) use remove::SessionTagsRemove;
pub(crate) use restore::TagRestore;
pub(crate) use update::TagUpdate;
