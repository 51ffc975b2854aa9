//! Projects: who may see them, and what is done with them.

mod bots;
mod create;
mod find;
mod rights;

pub use bots::Bot;
pub use create::{NewProject, ProjectCreateRefusal};
pub(crate) use create::{add_sandbox, bot_number, token_context};
pub(crate) use rights::Workspaces;
