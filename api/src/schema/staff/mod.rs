//! The Telegram accounts of agents.

mod link_create;
mod link_remove;
mod loader;
mod object;

pub(crate) use link_create::StaffLinkCreate;
pub(crate) use link_remove::StaffLinkRemove;
pub(crate) use loader::LinksOfAgent;
pub(crate) use object::{LinkInvitation, StaffLink};
