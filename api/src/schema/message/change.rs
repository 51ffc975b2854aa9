//! What was asked for of a message that was sent, and what came of it.

use async_graphql::{Enum, SimpleObject};

use crate::schema::error::sentence;
use crate::schema::scalar::DateTime;

/// What can be asked for of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::message::ChangeKind")]
pub(crate) enum MessageChangeKind {
    /// Another text.
    Edit,
    /// That it is gone from the chat.
    Delete,
    /// That it is pinned in the chat.
    Pin,
    /// That it is no longer pinned.
    Unpin,
}

/// How far a change of a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::message::ChangeState")]
pub(crate) enum MessageChangeState {
    /// It waits for its turn or is just being made.
    Queued,
    /// The chat shows it.
    Done,
    /// Telegram refused it, and the chat is as it was.
    Failed,
}

/// What was last asked for of a message, of its kind: an edit, a deletion, or a pin or its opposite.
#[derive(SimpleObject)]
pub(crate) struct MessageChange {
    /// What was asked for.
    kind: MessageChangeKind,
    /// How far it has come.
    state: MessageChangeState,
    /// Why it failed, in words for the agent. Null while it has not.
    error: Option<String>,
    /// When it was asked for, on the project's clock.
    at: DateTime,
}

impl MessageChange {
    /// The changes of a message.
    pub(super) fn all_of(message: &domain::Message) -> Vec<Self> {
        let change = |change: &domain::message::Change| Self {
            kind: change.kind.into(),
            state: change.state.into(),
            error: change.error.as_ref().map(sentence),
            at: change.at.into(),
        };
        message.changes.iter().map(change).collect()
    }
}
