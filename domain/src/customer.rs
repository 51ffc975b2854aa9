//! Customers: the Telegram users of one project.

use crate::{ChatId, CustomerId, ProjectId, TelegramUserId, Time};

/// A Telegram user as one project knows them. Two bots never share a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The identifier.
    pub id: CustomerId,
    /// The project whose bot the customer writes to.
    pub project_id: ProjectId,
    /// The number of the user in Telegram.
    pub telegram_user_id: TelegramUserId,
    /// The private chat with the bot.
    pub chat_id: ChatId,
    /// First and last name as Telegram gives them.
    pub name: String,
    /// The Telegram user name without `@`, if the customer has one.
    pub username: Option<String>,
    /// The language of the customer's Telegram as an IETF tag, if Telegram said it.
    pub language_code: Option<String>,
    /// When Telegram last refused a message because the customer blocked the bot or is gone.
    /// Empty while the customer can be reached.
    pub unreachable_since: Option<Time>,
    /// When the customer first wrote.
    pub created_at: Time,
}

/// What Telegram says of the sender of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The number of the user in Telegram.
    pub telegram_user_id: TelegramUserId,
    /// First and last name.
    pub name: String,
    /// The user name without `@`.
    pub username: Option<String>,
    /// The language as an IETF tag.
    pub language_code: Option<String>,
}

impl Profile {
    /// Whether the stored customer already shows this profile. A profile without a language
    /// leaves the known one in place, since Telegram omits it at times.
    pub fn is_known_of(&self, customer: &Customer) -> bool {
        self.name == customer.name
            && self.username == customer.username
            && (self.language_code.is_none() || self.language_code == customer.language_code)
    }
}
