//! Whether chats take messages.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use domain::ChatId;
use serde_json::json;

use super::answer::Answer;
use crate::telegram::BotId;

/// Whether a chat takes messages from a bot. Chats are open unless something else was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatState {
    /// It takes messages.
    Open,
    /// There is no such chat.
    NotFound,
    /// The customer blocked the bot.
    BlockedByUser,
    /// The customer's account no longer exists.
    Deactivated,
    /// The bot was removed from the group.
    Kicked,
    /// The group has become a supergroup.
    Migrated {
        /// The number of the supergroup.
        to: ChatId,
    },
}

/// What was said about chats. All others are open.
#[derive(Debug, Default)]
pub(super) struct Chats(RwLock<HashMap<(BotId, ChatId), Standing>>);

#[derive(Debug, Clone, Copy)]
struct Standing {
    state: ChatState,
    /// When an update told so, in seconds of Unix time.
    told_at: i64,
}

impl Chats {
    pub(super) fn set(&self, bot: BotId, chat: ChatId, state: ChatState) {
        let mut chats = self.0.write().unwrap_or_else(PoisonError::into_inner);
        chats.insert((bot, chat), Standing { state, told_at: i64::MIN });
    }

    /// As [`Self::set`], where an update tells it, unless a later one has told already.
    pub(super) fn set_as_told(&self, bot: BotId, chat: ChatId, state: ChatState, told_at: i64) {
        let mut chats = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let standing = chats.entry((bot, chat)).or_insert(Standing { state, told_at });
        if told_at >= standing.told_at {
            *standing = Standing { state, told_at };
        }
    }

    /// Forgets what was said of any chat.
    pub(super) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(super) fn get(&self, bot: BotId, chat: ChatId) -> ChatState {
        let chats = self.0.read().unwrap_or_else(PoisonError::into_inner);
        chats.get(&(bot, chat)).map_or(ChatState::Open, |standing| standing.state)
    }
}

impl ChatState {
    /// Telegram's answer to whoever writes to a chat in this state, if it is a refusal.
    pub(super) fn refusal(self) -> Option<Answer> {
        Some(match self {
            Self::Open => return None,
            Self::NotFound => Answer::bad_request("chat not found"),
            Self::BlockedByUser => Answer::error(403, "Forbidden: bot was blocked by the user"),
            Self::Deactivated => Answer::error(403, "Forbidden: user is deactivated"),
            Self::Kicked => Answer::error(403, "Forbidden: bot was kicked from the group chat"),
            Self::Migrated { to } => Answer::error_with(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                &json!({ "migrate_to_chat_id": to.0 }),
            ),
        })
    }
}
