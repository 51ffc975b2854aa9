//! Diversion links.

mod create;
mod loader;
mod object;
mod update;

pub(crate) use create::DiversionLinkCreate;
pub(crate) use loader::DiversionLinkById;
pub(crate) use object::DiversionLink;
pub(crate) use update::DiversionLinkUpdate;
