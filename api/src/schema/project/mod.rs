//! Projects: each is one Telegram bot with its own customers and agents.

mod archive;
mod chat_theme;
mod create;
mod loader;
mod member;
mod night;
mod object;
mod parent;
mod query;
mod refusal;
mod restore;
mod role_remove;
mod role_set;
mod session_life;
mod telegram_status;
mod update;

pub(crate) use archive::ProjectArchive;
pub(crate) use chat_theme::ProjectChatThemeUpdate;
pub(crate) use create::ProjectCreate;
pub(crate) use loader::ProjectById;
pub(crate) use night::ProjectNightUpdate;
pub(crate) use object::{Project, ProjectRole};
pub(crate) use parent::Parent;
pub(crate) use query::ProjectQuery;
pub(crate) use restore::ProjectRestore;
pub(crate) use role_remove::ProjectRoleRemove;
pub(crate) use role_set::ProjectRoleSet;
pub(crate) use session_life::ProjectSessionLifeUpdate;
pub(crate) use telegram_status::StatusOfProject;
pub(crate) use update::ProjectUpdate;
