//! Agents: those who answer customers.

mod activate;
mod activity;
mod deactivate;
mod list;
mod loader;
mod object;
mod seats;
mod viewer;

pub(crate) use activate::AgentActivate;
pub(crate) use deactivate::AgentDeactivate;
pub(crate) use list::AgentQuery;
pub(crate) use loader::{AgentById, PresenceOfAgent, TeamsOfAgent};
pub(crate) use object::{Agent, WorkspaceRole};
pub(crate) use viewer::ViewerQuery;
