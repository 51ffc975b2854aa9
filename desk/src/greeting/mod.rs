//! What the bot says and offers by itself.

mod commands;
mod say;
mod texts;

pub use commands::CommandsToRegister;
pub(crate) use say::{greet, help};
pub use texts::BotTextsRefusal;
