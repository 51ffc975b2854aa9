//! What updates mean to the desk.

use domain::customer::Profile;
use domain::message::details::Poll;
use domain::message::{Reaction, Thread};
use domain::{ChatId, Time};

use crate::message::Incoming;

/// What an update means to the desk.
#[derive(Debug, Clone, PartialEq)]
pub enum Decoded {
    /// A customer wrote, or something happened in the chat that Telegram tells as a message.
    Message(Box<Incoming>),
    /// A customer changed what they had written.
    Edit(Box<Incoming>),
    /// The reactions to a message changed.
    Reaction(ReactionChange),
    /// A customer tapped a button.
    Press(Box<Press>),
    /// A customer blocked the bot or let it in again.
    Reachability(Reachability),
    /// The bot came into a group or channel, or was put out of it.
    Membership(Membership),
    /// A group has become a supergroup, which has another number.
    Migration(Migration),
    /// Messages were deleted in a chat of a business account.
    Deletion(Deletion),
    /// How a poll of the bot stands.
    PollState(Poll),
    /// Somebody did something that is no message. It shows in a conversation that is there and opens none.
    Activity(Box<Incoming>),
    /// Nothing that the desk acts on; it stays stored as it came.
    Nothing,
}

/// The reactions to a message changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReactionChange {
    /// The chat.
    pub chat_id: ChatId,
    /// The conversation within it.
    pub thread: Thread,
    /// The number of the message in the chat.
    pub telegram_message_id: i64,
    /// What changed.
    pub reactions: Reactions,
}

/// How reactions are told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reactions {
    /// All that one user thinks of the message now, in place of what they thought before: the number of the user, or
    /// of the chat in whose name they react, and the emoji.
    Of {
        /// The user or chat.
        telegram_id: i64,
        /// The emoji, each once.
        emoji: Vec<String>,
    },
    /// The numbers alone, of all who reacted.
    Counts(Vec<Reaction>),
}

/// A tap on a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// By which the tap is answered, within some minutes.
    pub callback_id: String,
    /// Who tapped.
    pub profile: Profile,
    /// The chat of the message with the button; empty where Telegram does not tell it.
    pub chat_id: Option<ChatId>,
    /// The conversation within it.
    pub thread: Thread,
    /// The number of that message.
    pub telegram_message_id: Option<i64>,
    /// What the button was made with (`callback_data`). Anybody with a client of their own can send anything here.
    pub data: Option<String>,
}

/// Whether a customer takes messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reachability {
    /// The customer.
    pub profile: Profile,
    /// The private chat.
    pub chat_id: ChatId,
    /// Whether messages arrive.
    pub reachable: bool,
    /// When that changed, by Telegram's clock.
    pub at: Time,
}

/// The bot's place in a group or channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The group or channel.
    pub chat: Profile,
    /// Its number.
    pub chat_id: ChatId,
    /// Whether the bot is in it.
    pub member: bool,
    /// Who brought it in or put it out.
    pub by: Profile,
    /// When, by Telegram's clock.
    pub at: Time,
}

/// A group's new number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// The number before.
    pub from: ChatId,
    /// The number from now on.
    pub to: ChatId,
}

/// Messages that were deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The chat.
    pub chat_id: ChatId,
    /// The conversation within it.
    pub thread: Thread,
    /// The numbers of the messages.
    pub telegram_message_ids: Vec<i64>,
}
