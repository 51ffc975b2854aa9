//! Who has written to whom.

use domain::Direction;
use domain::customer::Profile;
use domain::message::Writer;

use crate::telegram::fields::Fields;
use crate::telegram::update::{Chat, ChatKind, User};

/// The two sides of a message.
pub(super) struct Party {
    /// Whose conversation it belongs to.
    pub(super) customer: Profile,
    /// Who wrote it, where that does not follow from the customer and the direction.
    pub(super) writer: Option<Writer>,
    /// From the customer or to them.
    pub(super) direction: Direction,
    /// Whether a program wrote it.
    pub(super) by_bot: bool,
}

impl Party {
    pub(super) fn of(chat: &Chat, message: &Fields<'_>) -> Self {
        let from = User::of(message, "from");
        let sender_chat = Chat::of(message, "sender_chat");
        // What is written in the name of a chat seems to come from a bot, for those who know of users only.
        let by_bot = sender_chat.is_none() && from.as_ref().is_some_and(|from| from.is_bot);
        let topic = message.object("direct_messages_topic");
        let person = match chat.kind {
            ChatKind::Private => Some(chat.profile()),
            ChatKind::DirectMessages => {
                topic.as_ref().and_then(|topic| User::of(topic, "user")).map(|user| user.profile())
            }
            ChatKind::Group | ChatKind::Channel => None,
        };
        let (customer, direction) = match (person, &from) {
            // The person themselves, of whom the sender says more than the chat.
            (Some(person), Some(from)) if sender_chat.is_none() && from.id == person.telegram_user_id => {
                return Self { customer: from.profile(), writer: None, direction: Direction::Inbound, by_bot };
            }
            (Some(person), None) if sender_chat.is_none() => {
                return Self { customer: person, writer: None, direction: Direction::Inbound, by_bot };
            }
            // The account's owner, or an administrator of the channel.
            (Some(person), _) if topic.is_some() || message.string("business_connection_id").is_some() => {
                (person, Direction::Outbound)
            }
            (Some(person), _) => (person, Direction::Inbound),
            (None, Some(from)) if chat.kind == ChatKind::DirectMessages && sender_chat.is_none() => {
                return Self { customer: from.profile(), writer: None, direction: Direction::Inbound, by_bot };
            }
            (None, _) => (chat.profile(), Direction::Inbound),
        };
        let in_the_name_of = sender_chat.map(|sender| chat_as_writer(&sender, chat, message));
        let writer = in_the_name_of.or_else(|| from.as_ref().map(user_as_writer));
        Self { customer, writer, direction, by_bot }
    }
}

/// A user who wrote.
pub(super) fn user_as_writer(user: &User) -> Writer {
    Writer { telegram_id: user.id.0, name: user.name.clone(), username: user.username.clone() }
}

/// A chat in whose name was written. Within that chat itself the signature says who it was.
fn chat_as_writer(sender: &Chat, chat: &Chat, message: &Fields<'_>) -> Writer {
    let signature = message.string("author_signature").filter(|_| sender.id == chat.id);
    Writer {
        telegram_id: sender.id.0,
        name: signature.unwrap_or_else(|| sender.name.clone()),
        username: sender.username.clone(),
    }
}
