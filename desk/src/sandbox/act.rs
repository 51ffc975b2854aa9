//! What simulated customers do, on its way to the bot.

use domain::{ChatId, TelegramUserId, Time};
use serde::{Deserialize, Serialize};

use super::{SandboxContent, SandboxCustomer};

/// Something that the simulated Telegram has to tell the bot of a sandbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SandboxAct {
    /// A customer wrote, or has changed what they wrote.
    Message(Box<SandboxMessage>),
    /// A customer changed what they think of a message.
    Reaction(SandboxReaction),
    /// A customer tapped a button.
    Press(SandboxPress),
    /// A customer blocked the bot or let it in again.
    Blocking {
        /// The customer.
        customer: SandboxCustomer,
        /// Whether they blocked it.
        blocks: bool,
        /// When.
        at: Time,
    },
    /// Whatever somebody wanted the bot to be told.
    Update {
        /// The update as the Bot API's JSON object, without its number.
        json: String,
    },
}

/// A message of a simulated customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SandboxMessage {
    /// Its number within the chat.
    pub message_id: i64,
    /// Who wrote it, in their private chat.
    pub customer: SandboxCustomer,
    /// When it was written, on the project's clock.
    pub sent_at: Time,
    /// When it was changed last; empty for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Time>,
    /// The text or the caption; empty for what has none.
    pub text: String,
    /// What it is beside that.
    #[serde(flatten)]
    pub content: SandboxContent,
    /// What the items of one album have in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album_id: Option<String>,
    /// The number and the text of the message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<SandboxReply>,
}

/// A message that is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxReply {
    /// Its number within the chat.
    pub message_id: i64,
    /// Its text.
    pub text: String,
    /// Whether the bot wrote it.
    pub from_bot: bool,
}

/// What a customer thinks of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxReaction {
    /// The number of the message.
    pub message_id: i64,
    /// The customer.
    pub customer: SandboxCustomer,
    /// What they thought before: emoji.
    pub before: Vec<String>,
    /// What they think now: emoji.
    pub now: Vec<String>,
    /// When they changed their mind.
    pub at: Time,
}

/// A tap on a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxPress {
    /// The number of the tap.
    pub callback_id: String,
    /// Who tapped.
    pub customer: SandboxCustomer,
    /// The chat of the message.
    pub chat_id: ChatId,
    /// The name of the user whose private chat that is.
    pub chat_name: String,
    /// The number of the message.
    pub message_id: i64,
    /// The text of the message.
    pub text: String,
    /// When the message was sent.
    pub sent_at: Time,
    /// What the tap carries.
    pub data: String,
}

impl SandboxAct {
    /// The customer behind it, if it is one.
    pub(super) fn by(&self) -> Option<TelegramUserId> {
        match self {
            Self::Message(message) => Some(message.customer.telegram_user_id),
            Self::Reaction(reaction) => Some(reaction.customer.telegram_user_id),
            Self::Press(press) => Some(press.customer.telegram_user_id),
            Self::Blocking { customer, .. } => Some(customer.telegram_user_id),
            Self::Update { .. } => None,
        }
    }
}
