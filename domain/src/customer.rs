//! Customers: the Telegram users of one project, and the groups and channels that its bot is in.

mod acquaintance;
mod filter;

pub use acquaintance::{Acquaintance, Encounter};
pub use filter::{AttributeCondition, CustomerFilter, CustomerFilterRefusal};

use crate::{ChatId, CustomerId, ProjectId, TelegramUserId, Time, named_enum};

named_enum! {
    /// Who is behind a customer.
    pub enum CustomerKind {
        /// One person.
        Person = "PERSON",
        /// Everybody who writes in a group.
        Group = "GROUP",
        /// A channel.
        Channel = "CHANNEL",
    }
}

/// A Telegram user as one project knows them. Two bots never share a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The identifier.
    pub id: CustomerId,
    /// The project whose bot the customer writes to.
    pub project_id: ProjectId,
    /// Who is behind it.
    pub kind: CustomerKind,
    /// The number of the user in Telegram; for a group or a channel that of the chat, which is below zero.
    pub telegram_user_id: TelegramUserId,
    /// The chat with the bot: the private one, the group or the channel.
    pub chat_id: ChatId,
    /// First and last name, or the title, as Telegram gives them.
    pub name: String,
    /// The Telegram user name without `@`, if the customer has one.
    pub username: Option<String>,
    /// The language of the customer's Telegram as an IETF tag, if Telegram said it.
    pub language_code: Option<String>,
    /// When Telegram last refused a message because the customer blocked the bot or is gone.
    /// Empty while the customer can be reached.
    pub unreachable_since: Option<Time>,
    /// When that last changed, by Telegram's clock, so that what is told late changes nothing.
    pub reachability_at: Option<Time>,
    /// Since when nothing of the customer is let in.
    pub banned_at: Option<Time>,
    /// Why not.
    pub ban_reason: Option<String>,
    /// When everything that the desk had of the customer was erased.
    pub erased_at: Option<Time>,
    /// When the customer first wrote.
    pub created_at: Time,
}

/// What Telegram says of the customer that a message is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Who is behind it.
    pub kind: CustomerKind,
    /// The number of the user in Telegram, or of the group or channel.
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

/// What agents have noted of a customer beside what Telegram says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerNotes {
    /// The time zone in which the customer lives, by its name.
    pub time_zone: Option<String>,
    /// What colleagues should know. Empty for nothing.
    pub note: String,
    /// Grows with each change of these; zero as long as nobody has noted anything.
    pub version: i64,
}

impl CustomerNotes {
    /// These with what was noted of the same customer under another identity. What is known here counts first, and no note
    /// is lost, however long both are together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let note = match (self.note.is_empty(), other.note.is_empty()) {
            (true, _) => other.note,
            (_, true) => self.note,
            (false, false) => format!("{}\n\n{}", self.note, other.note),
        };
        let version = self.version.max(other.version) + 1;
        Self { time_zone: self.time_zone.or(other.time_zone), note, version }
    }
}

/// The longest note on a customer, in characters.
pub const CUSTOMER_NOTE_CHARACTERS: usize = 2000;

/// What Telegram numbers nobody as, nor below: the numbers of those who are erased or whose group goes on as another one.
pub const BELOW_EVERY_CHAT: i64 = -(1 << 60);

/// The number that stands in the place of Telegram's once a customer is erased. It is none that Telegram gives, and
/// each customer has another, so that whoever writes again is somebody new.
pub fn erased_number(id: CustomerId) -> i64 {
    BELOW_EVERY_CHAT - id.0
}
