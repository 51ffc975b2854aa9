//! What the store takes in and gives out about calls to Telegram.

use domain::{ChatId, MessageId, OutboxId, ProjectId, named_enum};

named_enum! {
    /// Where a call stands.
    pub enum OutboxState {
        /// It waits for its turn.
        Queued = "QUEUED",
        /// A try is under way.
        Sending = "SENDING",
        /// Telegram took it.
        Sent = "SENT",
        /// Telegram refused it for good.
        Failed = "FAILED",
        /// Nobody can tell.
        Unknown = "UNKNOWN",
    }
}

/// A call that a try may still settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenTry {
    /// Where the call stands: the try is under way, or was given up as unknown.
    pub state: OutboxState,
    /// The message it delivers, if it delivers one.
    pub message_id: Option<MessageId>,
}

/// Which calls go before which others of the same bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// An agent's answer to a customer who waits.
    LiveReply,
}

impl Lane {
    /// The stored number: the smaller goes first. The gaps leave room for lanes between.
    pub fn number(self) -> i32 {
        match self {
            Self::LiveReply => 100,
        }
    }
}

/// A call to be made.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// The project whose bot makes it.
    pub project_id: ProjectId,
    /// The chat whose order it keeps.
    pub chat_id: ChatId,
    /// Which calls it goes before.
    pub lane: Lane,
    /// The message it delivers, if it delivers one.
    pub message_id: Option<MessageId>,
    /// The method of the Bot API, in its own spelling.
    pub method: String,
    /// The parameters, as a JSON object.
    pub payload: String,
}

/// A call whose turn has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedCall {
    /// The identifier.
    pub id: OutboxId,
    /// The project whose bot makes it.
    pub project_id: ProjectId,
    /// The chat whose order it keeps.
    pub chat_id: ChatId,
    /// The message it delivers, if it delivers one.
    pub message_id: Option<MessageId>,
    /// The method of the Bot API.
    pub method: String,
    /// The parameters, as a JSON object.
    pub payload: String,
    /// How many tries have been used up.
    pub attempts: i32,
}
