//! Who wrote.

use std::fmt;

use domain::TelegramUserId;

use crate::telegram::fields::Fields;

/// The user who wrote a message, as Telegram describes them in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    /// The number of the user.
    pub id: TelegramUserId,
    /// Whether the user is a bot.
    pub is_bot: bool,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: Option<String>,
    /// The user name without `@`.
    pub username: Option<String>,
    /// The language of the user's Telegram as an IETF tag.
    pub language_code: Option<String>,
}

impl Sender {
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        Some(Self {
            id: TelegramUserId(fields.integer("id")?),
            is_bot: fields.is_true("is_bot"),
            first_name: fields.string("first_name").unwrap_or_default(),
            last_name: fields.string("last_name"),
            username: fields.string("username"),
            language_code: fields.string("language_code"),
        })
    }
}

impl fmt::Debug for Sender {
    /// Leaves the names out: logs identify people by number only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("id", &self.id).field("is_bot", &self.is_bot).finish_non_exhaustive()
    }
}
