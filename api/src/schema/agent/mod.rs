//! Agents: those who answer customers.

mod loader;
mod object;
mod viewer;

pub(crate) use loader::AgentById;
pub(crate) use object::Agent;
pub(crate) use viewer::ViewerQuery;
