//! Which conversation an update belongs to.

use domain::{ChatId, TelegramUserId};

use crate::telegram::fields::Fields;

/// What an update must be kept in order with. Updates with the same key are handled one after
/// the other, updates with different keys need not wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoutingKey {
    /// A chat.
    Chat(ChatId),
    /// A user, for what happens outside a chat.
    User(TelegramUserId),
    /// Neither: the bot as a whole.
    Bot,
}

impl RoutingKey {
    /// The key as one number. A user and their private chat share it, which is right: they are
    /// the same conversation. Telegram numbers nothing 0, so that is the bot as a whole.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        match self {
            Self::Chat(ChatId(id)) | Self::User(TelegramUserId(id)) => id,
            Self::Bot => 0,
        }
    }

    pub(super) fn of(chat_id: Option<ChatId>, body: &Fields<'_>) -> Self {
        match chat_id {
            Some(chat_id) => Self::Chat(chat_id),
            None => user_of(body).map_or(Self::Bot, Self::User),
        }
    }
}

/// The chat that the update happened in: its own, that of the message it is about (a button was
/// pressed), or that on whose behalf somebody voted.
pub(super) fn chat_of(body: &Fields<'_>) -> Option<ChatId> {
    let id = |object: Option<Fields<'_>>| object?.integer("id");
    id(body.object("chat"))
        .or_else(|| id(body.object("message")?.object("chat")))
        .or_else(|| id(body.object("voter_chat")))
        .map(ChatId)
}

/// The user that the body of an update is from, if it is from one.
pub(super) fn user_of(body: &Fields<'_>) -> Option<TelegramUserId> {
    let id = ["from", "user", "sender_user"].into_iter().find_map(|name| body.object(name)?.integer("id"))?;
    Some(TelegramUserId(id))
}
