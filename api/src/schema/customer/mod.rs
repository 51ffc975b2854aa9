//! Customers: the Telegram users of one project.

mod loader;
mod object;

pub(crate) use loader::CustomerById;
pub(crate) use object::Customer;
