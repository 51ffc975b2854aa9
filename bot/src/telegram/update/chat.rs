//! Chats.

use domain::customer::Profile;
use domain::{ChatId, CustomerKind, TelegramUserId};

use super::name::{full_name, name_or_number};
use crate::telegram::fields::Fields;

/// A chat as an update describes it.
pub(crate) struct Chat {
    /// The number of the chat.
    pub(crate) id: ChatId,
    /// What sort of chat it is.
    pub(crate) kind: ChatKind,
    /// The title, or the name of the person.
    pub(crate) name: String,
    /// The user name without `@`.
    pub(crate) username: Option<String>,
}

/// The sorts of chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChatKind {
    /// One user and the bot, or one user and the account in whose name the bot writes.
    Private,
    /// A group, basic or super.
    Group,
    /// The direct messages of a channel: one chat with a topic for every person who writes.
    DirectMessages,
    /// A channel.
    Channel,
}

impl Chat {
    /// The chat in a field of this name.
    pub(crate) fn of(body: &Fields<'_>, name: &str) -> Option<Self> {
        Self::read(&body.object(name)?)
    }

    fn read(fields: &Fields<'_>) -> Option<Self> {
        let id = fields.integer("id")?;
        let username = fields.string("username");
        let name = fields.string("title").unwrap_or_else(|| full_name(fields));
        Some(Self {
            id: ChatId(id),
            kind: ChatKind::of(id, fields),
            name: name_or_number(name, username.as_deref(), id),
            username,
        })
    }

    /// The chat as a customer: the person of a private chat, or all who write in it together.
    pub(crate) fn profile(&self) -> Profile {
        let kind = match self.kind {
            ChatKind::Private => CustomerKind::Person,
            ChatKind::Group | ChatKind::DirectMessages => CustomerKind::Group,
            ChatKind::Channel => CustomerKind::Channel,
        };
        Profile {
            kind,
            telegram_user_id: TelegramUserId(self.id.0),
            name: self.name.clone(),
            username: self.username.clone(),
            language_code: None,
        }
    }
}

impl ChatKind {
    /// A sort that is new is told by the number: those of persons are above zero, those of all other chats below.
    fn of(id: i64, fields: &Fields<'_>) -> Self {
        match fields.string("type").as_deref() {
            _ if fields.is_true("is_direct_messages") => Self::DirectMessages,
            Some("private") => Self::Private,
            Some("group" | "supergroup") => Self::Group,
            Some("channel") => Self::Channel,
            _ if id > 0 => Self::Private,
            _ => Self::Group,
        }
    }
}
