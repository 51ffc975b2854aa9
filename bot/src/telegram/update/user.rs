//! Users.

use domain::customer::Profile;
use domain::{CustomerKind, TelegramUserId};

use super::name::{full_name, name_or_number};
use crate::telegram::fields::Fields;

/// A user as an update describes them.
pub(crate) struct User {
    /// The number of the user.
    pub(crate) id: TelegramUserId,
    /// Whether the user is a bot.
    pub(crate) is_bot: bool,
    /// First and last name.
    pub(crate) name: String,
    /// The user name without `@`.
    pub(crate) username: Option<String>,
    /// The language of the user's Telegram as an IETF tag.
    pub(crate) language_code: Option<String>,
}

impl User {
    pub(crate) fn read(fields: &Fields<'_>) -> Option<Self> {
        let id = fields.integer("id")?;
        let username = fields.string("username");
        Some(Self {
            id: TelegramUserId(id),
            is_bot: fields.is_true("is_bot"),
            name: name_or_number(full_name(fields), username.as_deref(), id),
            username,
            language_code: fields.string("language_code"),
        })
    }

    /// The user in a field of this name.
    pub(crate) fn of(body: &Fields<'_>, name: &str) -> Option<Self> {
        Self::read(&body.object(name)?)
    }

    /// The user as a customer.
    pub(crate) fn profile(&self) -> Profile {
        Profile {
            kind: CustomerKind::Person,
            telegram_user_id: self.id,
            name: self.name.clone(),
            username: self.username.clone(),
            language_code: self.language_code.clone(),
        }
    }
}
