//! What the bot says and offers by itself.

mod commands;
mod greeting;
mod object;

pub(crate) use commands::ProjectCommandsUpdate;
pub(crate) use greeting::ProjectGreetingUpdate;
pub(crate) use object::{BotCommand, BotText, BotTextInput};
