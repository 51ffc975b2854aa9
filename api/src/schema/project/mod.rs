//! Projects: each is one Telegram bot with its own customers and agents.

mod create;
mod loader;
mod object;
mod query;

pub(crate) use create::ProjectCreate;
pub(crate) use loader::ProjectById;
pub(crate) use object::Project;
pub(crate) use query::ProjectQuery;
