//! What was asked for of a message that was sent before, and what came of it.

use serde::{Deserialize, Serialize};

use crate::{Time, named_enum};

named_enum! {
    /// What can be asked for of a message.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum ChangeKind {
        /// Another text.
        Edit = "EDIT",
        /// That it is gone from the chat.
        Delete = "DELETE",
        /// That it is pinned in the chat.
        Pin = "PIN",
        /// That it is no longer pinned.
        Unpin = "UNPIN",
    }
}

impl ChangeKind {
    /// Whether the two are about the same thing, so that the later one is all that counts.
    pub fn is_of_kind(self, other: Self) -> bool {
        let is_pin = |kind| matches!(kind, Self::Pin | Self::Unpin);
        self == other || is_pin(self) && is_pin(other)
    }

    /// What a method of the Bot API asks for. Nothing for one that sends a message.
    pub fn of_method(method: &str) -> Option<Self> {
        match method {
            "editMessageText" | "editMessageCaption" => Some(Self::Edit),
            "deleteMessage" | "deleteBusinessMessages" => Some(Self::Delete),
            "pinChatMessage" => Some(Self::Pin),
            "unpinChatMessage" => Some(Self::Unpin),
            _ => None,
        }
    }
}

named_enum! {
    /// How far a change has come.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum ChangeState {
        /// It waits for its turn or is just being made.
        Queued = "QUEUED",
        /// The chat shows it.
        Done = "DONE",
        /// Telegram refused it, and the chat is as it was.
        Failed = "FAILED",
    }
}

/// What was last asked for of a message, of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was asked for.
    pub kind: ChangeKind,
    /// How far it has come.
    pub state: ChangeState,
    /// Why it failed, in words for the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it was asked for, on the project's clock.
    pub at: Time,
    /// What an edit is to replace: what the chat shows as far as is known, to go back to if the edit fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Wording>,
}

/// A text with its formatting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The text or the caption.
    pub text: String,
    /// The formatting, as the Bot API's array of `MessageEntity`, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<String>,
    /// When it was written; empty for what has been there from the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Time>,
}

impl Change {
    /// A change that waits for its turn.
    pub fn queued(kind: ChangeKind, at: Time) -> Self {
        Self { kind, state: ChangeState::Queued, error: None, at, shown: None }
    }

    /// Whether it is still to be made.
    pub fn is_open(&self) -> bool {
        self.state == ChangeState::Queued
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeKind::{Delete, Edit, Pin, Unpin};
    use super::*;

    #[test]
    fn pinning_and_its_opposite_are_about_the_same_thing() {
        for (one, other) in [(Edit, Edit), (Pin, Unpin), (Unpin, Pin), (Delete, Delete)] {
            assert!(one.is_of_kind(other), "{one} {other}");
        }
        for (one, other) in [(Edit, Pin), (Pin, Edit), (Edit, Delete), (Delete, Unpin)] {
            assert!(!one.is_of_kind(other), "{one} {other}");
        }
    }

    #[test]
    fn methods_that_send_are_no_changes() {
        assert_eq!(ChangeKind::of_method("editMessageCaption"), Some(Edit));
        for method in ["sendMessage", "sendMediaGroup", "answerCallbackQuery"] {
            assert_eq!(ChangeKind::of_method(method), None, "{method}");
        }
    }
}
