//! What customers are owed: what is kept of them is shown, and erased; and keeping out those who abuse the bot.

mod ban;
mod erase;
mod export;
mod redaction;
mod traces;
mod watcher;

pub use ban::{BAN_REASON_CHARACTERS, CustomerBanRefusal};
pub use erase::CustomerEraseRefusal;
pub use export::CustomerExportRefusal;
pub(crate) use redaction::is_redacted;
pub use watcher::ErasureWatcher;
