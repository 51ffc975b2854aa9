//! Teams.

mod create;
mod group_link_create;
mod group_remove;
mod loader;
mod object;
mod update;

pub(crate) use create::TeamCreate;
pub(crate) use group_link_create::TeamGroupLinkCreate;
pub(crate) use group_remove::TeamGroupRemove;
pub(crate) use loader::{GroupsOfTeam, TeamById};
pub(crate) use object::Team;
pub(crate) use update::TeamUpdate;
