//! What the store takes in and gives out about calls to Telegram.

use domain::{ChatId, FileId, MessageId, OutboxId, ProjectId, Time, named_enum};
use serde::{Deserialize, Serialize};

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
        /// It was never made: what it tells is no longer so.
        Withdrawn = "WITHDRAWN",
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

/// A call that waits or is just being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCall {
    /// The identifier.
    pub id: OutboxId,
    /// The message it is about; of an album the first.
    pub message_id: MessageId,
    /// The method of the Bot API.
    pub method: String,
    /// Where it stands: one that waits can be changed, one that is being made cannot.
    pub state: OutboxState,
}

/// Which calls go before which others of the same bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// What a program waits for and no person reads, such as the answer to a tap on a button. These
    /// calls keep no order, wait for no other call of their chat, and are no messages to it.
    Answer,
    /// An agent's answer to a customer who waits, and what the bot answers at once.
    LiveReply,
    /// What a customer has been led to expect, and notices to the staff.
    Notice,
    /// News of an outage.
    Incident,
    /// What can wait for hours.
    Bulk,
    /// Changes of what was sent before.
    Edit,
}

impl Lane {
    /// The stored number: the smaller goes first. The gaps leave room for lanes between.
    pub fn number(self) -> i32 {
        match self {
            Self::Answer => 50,
            Self::LiveReply => 100,
            Self::Notice => 200,
            Self::Incident => 300,
            Self::Bulk => 400,
            Self::Edit => 500,
        }
    }

    /// Every lane, those first that go first.
    pub const ALL: [Self; 6] = [Self::Answer, Self::LiveReply, Self::Notice, Self::Incident, Self::Bulk, Self::Edit];

    /// The lane that is stored as this number; the last one for a number that this build does not know.
    pub fn of_number(number: i32) -> Self {
        Self::ALL.into_iter().find(|lane| lane.number() == number).unwrap_or(Self::Edit)
    }
}

/// When the next call of each lane of a bot is due, if one waits that nothing is in front of. The
/// times are in microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLanes {
    /// The project whose bot it is.
    pub project_id: ProjectId,
    /// The lanes that have such a call.
    pub lanes: Vec<(Lane, i64)>,
}

/// How many calls of one bot may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The project whose bot it is.
    pub project_id: ProjectId,
    /// So many at most.
    pub limit: i64,
}

/// A call whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The call.
    pub id: OutboxId,
    /// The project whose bot makes it.
    pub project_id: ProjectId,
    /// The chat whose order it keeps.
    pub chat_id: ChatId,
}

/// A chat that is to be left alone for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The project whose bot writes there.
    pub project_id: ProjectId,
    /// The chat.
    pub chat_id: ChatId,
    /// Until when.
    pub until: Time,
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
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
    /// How many messages it counts as in Telegram's limits: the items of an album, otherwise one.
    pub cost: i32,
}

/// A file that goes with a call. The parameters name it as `attach://` and the name of its field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The field of the form.
    pub field: String,
    /// The file in the desk's store.
    pub file_id: FileId,
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
    /// Which calls it went before.
    pub lane: Lane,
    /// The message it delivers, if it delivers one.
    pub message_id: Option<MessageId>,
    /// The method of the Bot API.
    pub method: String,
    /// The parameters, as a JSON object.
    pub payload: String,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
    /// How many messages it counts as in Telegram's limits.
    pub cost: i32,
    /// How many tries have been used up.
    pub attempts: i32,
}
