//! When a trigger fires.

use chrono::TimeDelta;

use crate::WordListId;

/// When a trigger fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A message of the customer has a word of one of the lists. It fires once until the issue is resolved.
    Words(Vec<WordListId>),
    /// So many messages of the customer in a row have a word of one of the lists, not necessarily the same. What the
    /// desk writes in between does not matter, and neither does a message without words, such as a screenshot; another
    /// message of the customer without such a word ends the row. Having fired, it begins to count anew.
    InARow {
        /// The lists.
        lists: Vec<WordListId>,
        /// How many messages, at least one.
        messages: u32,
    },
    /// The issue has been unresolved for so long, without the time of waiting for the customer. It fires once until the
    /// issue is resolved.
    Unresolved {
        /// The time since the issue began.
        after: TimeDelta,
    },
    /// The customer rated the service with so few stars or fewer. It fires at each such rating.
    LowRating {
        /// The most stars that are low.
        stars: u8,
    },
}

impl Condition {
    /// The lists that it looks into.
    pub fn lists(&self) -> &[WordListId] {
        match self {
            Self::Words(lists) | Self::InARow { lists, .. } => lists,
            Self::Unresolved { .. } | Self::LowRating { .. } => &[],
        }
    }
}
