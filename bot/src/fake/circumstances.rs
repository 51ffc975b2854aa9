//! What others have arranged for the calls of a bot.

use std::future::ready;

use domain::ChatId;

use super::{BacklogFuture, ChatState, Fault};
use crate::telegram::BotId;

/// Asked at each call, beside what the handle of the fake was told. The sandbox keeps both in the desk's database, so
/// that every process can arrange them.
pub trait Circumstances: Send + Sync + 'static {
    /// Whether a chat takes messages from the bot.
    fn chat_state(&self, bot: BotId, chat: ChatId) -> BacklogFuture<'_, ChatState>;

    /// What goes wrong with a call that arrives now, which counts as one time for a fault that strikes a number of
    /// times. `method` is as the bot wrote it.
    fn strike<'a>(&'a self, bot: BotId, method: &'a str, chat: Option<ChatId>) -> BacklogFuture<'a, Option<Fault>>;
}

/// Nothing was arranged.
#[derive(Debug)]
pub(super) struct Usual;

impl Circumstances for Usual {
    fn chat_state(&self, _bot: BotId, _chat: ChatId) -> BacklogFuture<'_, ChatState> {
        Box::pin(ready(Ok(ChatState::Open)))
    }

    fn strike<'a>(&'a self, _bot: BotId, _method: &'a str, _chat: Option<ChatId>) -> BacklogFuture<'a, Option<Fault>> {
        Box::pin(ready(Ok(None)))
    }
}
