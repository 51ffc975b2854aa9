//! Updates: what Telegram delivered, as it came.

mod list;
mod loader;
mod object;
mod retry;

pub(crate) use list::telegram_update_page;
pub(crate) use loader::TelegramUpdateById;
pub(crate) use object::{TelegramUpdate, TelegramUpdateState};
pub(crate) use retry::TelegramUpdateRetry;
