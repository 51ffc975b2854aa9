//! Messages: the items of a session.

mod delivery;
mod entity;
mod loader;
mod object;
mod send;

pub(crate) use loader::MessageById;
pub(crate) use object::Message;
pub(crate) use send::MessageSend;
