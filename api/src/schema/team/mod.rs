//! Teams.

mod create;
mod delete;
mod group_link_create;
mod group_remove;
mod loader;
mod member_add;
mod member_remove;
mod object;
mod update;

pub(crate) use create::TeamCreate;
pub(crate) use delete::TeamDelete;
pub(crate) use group_link_create::TeamGroupLinkCreate;
pub(crate) use group_remove::TeamGroupRemove;
pub(crate) use loader::{GroupsOfTeam, MembersOfTeam, TeamById};
pub(crate) use member_add::TeamMemberAdd;
pub(crate) use member_remove::TeamMemberRemove;
pub(crate) use object::Team;
pub(crate) use update::TeamUpdate;
