//! What a trigger does.

use crate::{Priority, TagId, named_enum};

named_enum! {
    /// How high an issue is escalated.
    pub enum Level {
        /// To the second line: technical failures, disputes, intense emotion.
        Second = "L2",
        /// Straight to the administrators: system down, security, legal disputes.
        Third = "L3",
    }
}

impl Level {
    /// The line of support that it goes to.
    pub const fn line(self) -> i32 {
        match self {
            Self::Second => 2,
            Self::Third => 3,
        }
    }
}

/// What a trigger does to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Gives it a tag.
    Tag(TagId),
    /// Raises its priority to this one at least. It never lowers one.
    RaisePriority(Priority),
    /// Suggests to its agent to escalate it.
    Suggest(Level),
    /// Escalates it.
    Escalate(Level),
}
