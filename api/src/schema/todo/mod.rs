//! To-dos: what is owed to customers.

mod create;
mod done;
mod filter;
mod list;
mod loader;
mod object;
mod query;
mod update;

pub(crate) use create::TodoCreate;
pub(crate) use done::TodoDone;
pub(crate) use list::todos_of_session;
pub(crate) use loader::{TodoById, TodosInSession};
pub(crate) use object::{Todo, TodoKind, TodoState};
pub(crate) use query::TodoQuery;
pub(crate) use update::TodoUpdate;
