//! Reading an update: what it is, which conversation it belongs to and whose it is.
//!
//! What it means to the desk is read in [`crate::intake`].

mod chat;
mod kinds;
mod message_kind;
mod name;
mod parsed;
mod routing;
mod user;

pub(crate) use chat::{Chat, ChatKind};
pub use kinds::KINDS;
#[cfg(test)]
pub(crate) use message_kind::{BOOKKEEPING, KNOWN};
pub(crate) use message_kind::{MessageKind, known_kind};
pub(crate) use name::full_name;
pub(crate) use parsed::Parsed;
pub use routing::RoutingKey;
pub(crate) use routing::subject;
pub(crate) use user::User;

use domain::TelegramUserId;

use super::DecodeError;

/// What has to be known of an update in order to store it. The raw text is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The number that Telegram gave the update.
    pub update_id: i64,
    /// The kind, as the Bot API names it: `message`, `callback_query`, or a name that is new.
    pub kind: String,
    /// The person whose update it is, where it is that of one.
    pub user_id: Option<TelegramUserId>,
    /// The conversation it must be kept in order with.
    pub routing_key: RoutingKey,
}

impl Update {
    /// Reads an update from its raw text.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] only when the text is not a JSON object with an `update_id`. Whatever
    /// else is missing, new or of the wrong type makes the reading poorer and not impossible.
    pub fn decode(raw: &str) -> Result<Self, DecodeError> {
        let Parsed { update_id, kind, body, .. } = Parsed::of(raw)?;
        let user_id = routing::person_of(&kind, &body);
        let routing_key = RoutingKey::of(&kind, &body);
        Ok(Self { update_id, kind, user_id, routing_key })
    }
}

#[cfg(test)]
mod tests;
