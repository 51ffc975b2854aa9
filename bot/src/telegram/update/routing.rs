//! Which conversation an update belongs to, and which person.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::{ChatId, TelegramUserId};

use super::{Chat, ChatKind};
use crate::telegram::fields::Fields;

/// The kind of an update that has a conversation to itself.
pub(super) const CALLBACK_QUERY: &str = "callback_query";
/// The kind of an update about a chat that the bot is not in.
const GUEST_MESSAGE: &str = "guest_message";

/// All keys of taps are below this. Telegram's numbers have at most 52 bits.
const BELOW_EVERY_CHAT: i64 = -(1 << 62);

/// What an update must be kept in order with. Updates with the same key are handled one after
/// the other, updates with different keys need not wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoutingKey {
    /// A chat.
    Chat(ChatId),
    /// A user, for what happens outside a chat.
    User(TelegramUserId),
    /// Nothing else: the tap on a button, which has to be answered within seconds however much
    /// there is to do in its chat. The number stands for the tap.
    Tap(u64),
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
            Self::Tap(tap) => BELOW_EVERY_CHAT - i64::try_from(tap >> 2).expect("62 bits are a number of 63"),
            Self::Bot => 0,
        }
    }

    pub(super) fn of(kind: &str, body: &Fields<'_>) -> Self {
        if kind == CALLBACK_QUERY {
            return Self::Tap(hash(&body.string("id")));
        }
        let user = || subject_of(body).map(Self::User);
        chat_of(body).map(Self::Chat).or_else(user).unwrap_or(Self::Bot)
    }
}

/// The chat that the update happened in: its own, or that on whose behalf somebody voted.
fn chat_of(body: &Fields<'_>) -> Option<ChatId> {
    let id = |name| body.object(name)?.integer("id");
    id("chat").or_else(|| id("voter_chat")).map(ChatId)
}

/// The one person whose update it is: the customer of the chat where there is one, or else who did it.
pub(super) fn person_of(kind: &str, body: &Fields<'_>) -> Option<TelegramUserId> {
    let partner = || {
        let chat = Chat::of(body, "chat")?;
        (chat.kind == ChatKind::Private && kind != GUEST_MESSAGE).then_some(TelegramUserId(chat.id.0))
    };
    let writer_of_topic = || Some(TelegramUserId(body.object("direct_messages_topic")?.object("user")?.integer("id")?));
    partner().or_else(writer_of_topic).or_else(|| subject_of(body))
}

fn subject_of(body: &Fields<'_>) -> Option<TelegramUserId> {
    subject(body)?.integer("id").map(TelegramUserId)
}

/// The user in the body of an update who did what it tells of. Whoever does something in the name of a chat only seems
/// to be a user.
pub(crate) fn subject<'a>(body: &Fields<'a>) -> Option<Fields<'a>> {
    if ["sender_chat", "actor_chat", "voter_chat"].into_iter().any(|name| body.raw(name).is_some()) {
        return None;
    }
    let own = ["from", "user", "sender_user"].into_iter().find_map(|name| body.object(name));
    own.or_else(|| body.object("boost")?.object("source")?.object("user"))
        .or_else(|| body.object("source")?.object("user"))
}

fn hash(id: &Option<String>) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
