//! Projects: who may see them, and what is done with them.

mod bots;
mod chat_theme;
mod create;
mod find;
mod life;
mod night;
mod rights;
mod standing;
mod status;
mod update;

pub use bots::{Bot, Duty};
pub use chat_theme::{ChatThemeChange, ChatThemeRefusal};
pub use create::{NewProject, ProjectCreateRefusal};
pub(crate) use create::{add_sandbox, bot_number, token_context};
pub use life::{SessionLifeChange, SessionLifeRefusal};
pub use night::{NightChange, NightRefusal};
pub(crate) use rights::Workspaces;
pub use standing::StandingRefusal;
pub use status::{BotNote, TelegramStatus};
pub use update::{ProjectChange, ProjectRefusal};
