//! Customers: the Telegram users of one project.

mod ban;
mod erase;
mod loader;
mod object;
mod unban;

pub(crate) use ban::CustomerBan;
pub(crate) use erase::CustomerErase;
pub(crate) use loader::CustomerById;
pub(crate) use object::Customer;
pub(crate) use unban::CustomerUnban;
