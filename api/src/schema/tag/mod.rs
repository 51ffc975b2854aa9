//! Tags of sessions.

mod add;
mod create;
mod loader;
mod object;
mod remove;

pub(crate) use add::SessionTagsAdd;
pub(crate) use create::TagCreate;
pub(crate) use loader::{TagById, TagsOfSession};
pub(crate) use object::Tag;
pub(crate) use remove::SessionTagsRemove;
