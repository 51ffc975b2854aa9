//! Chats.

use domain::ChatId;

use crate::telegram::fields::Fields;

/// A chat as an update describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chat {
    /// The number of the chat.
    pub id: ChatId,
    /// What sort of chat it is.
    pub kind: ChatKind,
}

/// The sorts of chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// One user and the bot.
    Private,
    /// A basic group.
    Group,
    /// A supergroup.
    Supergroup,
    /// A channel.
    Channel,
    /// A sort that is new to us.
    Unknown,
}

impl Chat {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let kind = match fields.string("type").as_deref() {
            Some("private") => ChatKind::Private,
            Some("group") => ChatKind::Group,
            Some("supergroup") => ChatKind::Supergroup,
            Some("channel") => ChatKind::Channel,
            _ => ChatKind::Unknown,
        };
        Some(Self { id: ChatId(fields.integer("id")?), kind })
    }
}
