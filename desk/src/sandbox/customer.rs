//! Simulated customers.

use domain::text::without_nul;
use domain::{Customer, TelegramUserId};
use serde::{Deserialize, Serialize};

/// A simulated user of Telegram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxCustomer {
    /// The number, which the private chat has as well.
    pub telegram_user_id: TelegramUserId,
    /// The name.
    pub name: String,
    /// The user name without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The language of their Telegram as an IETF tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

/// Why there can be no such user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomerRefusal {
    /// Telegram numbers its users from 1 up to 52 bits.
    #[error("`telegramUserId` is not a user's number: give a whole number from 1 to 4503599627370495")]
    TelegramUserId,
    /// The name is empty or longer than Telegram's 64 characters.
    #[error("the name of the simulated customer has 1 to 64 characters")]
    Name,
    /// The user name is none of Telegram's.
    #[error("a user name has 5 to 32 letters a-z, digits and underscores, without the @")]
    Username,
    /// The language is no tag.
    #[error("a language is a tag like `en` or `pt-br`, of at most 35 letters, digits and hyphens")]
    LanguageCode,
}

/// User numbers have at most 52 significant bits (Bot API, `User`).
const LARGEST_USER_ID: i64 = (1 << 52) - 1;
const NAME_CHARACTERS: usize = 64;
const USERNAME_CHARACTERS: std::ops::RangeInclusive<usize> = 5..=32;
/// What RFC 5646 advises to make room for.
const LANGUAGE_TAG_CHARACTERS: usize = 35;

impl SandboxCustomer {
    /// A user with this number and nothing but a name that says so.
    pub fn numbered(telegram_user_id: i64) -> Self {
        Self {
            telegram_user_id: TelegramUserId(telegram_user_id),
            name: format!("Sandbox customer {telegram_user_id}"),
            username: None,
            language_code: None,
        }
    }

    /// The user behind a customer of the desk.
    pub(super) fn behind(customer: &Customer) -> Self {
        Self {
            telegram_user_id: customer.telegram_user_id,
            name: customer.name.clone(),
            username: customer.username.clone(),
            language_code: customer.language_code.clone(),
        }
    }

    /// The same as Telegram would have them, if it would.
    pub(super) fn checked(&self) -> Result<Self, CustomerRefusal> {
        if !(1..=LARGEST_USER_ID).contains(&self.telegram_user_id.0) {
            return Err(CustomerRefusal::TelegramUserId);
        }
        let name = without_nul(&self.name);
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARACTERS {
            return Err(CustomerRefusal::Name);
        }
        let is_username = |name: &str| {
            USERNAME_CHARACTERS.contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if self.username.as_deref().is_some_and(|name| !is_username(name)) {
            return Err(CustomerRefusal::Username);
        }
        let is_language = |tag: &str| {
            (1..=LANGUAGE_TAG_CHARACTERS).contains(&tag.len())
                && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if self.language_code.as_deref().is_some_and(|tag| !is_language(tag)) {
            return Err(CustomerRefusal::LanguageCode);
        }
        Ok(Self { name: name.to_owned(), ..self.clone() })
    }
}
