//! What came of it.

use chrono::TimeDelta;

use super::{Action, Level};
use crate::words::Found;
use crate::{Priority, TagId, TriggerId, WordListId};

/// A trigger that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// The trigger.
    pub trigger_id: TriggerId,
    /// What it does.
    pub actions: Vec<Action>,
    /// Why it fired, for the audit and the statistics.
    pub cause: Cause,
}

/// Why a trigger fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The message has these words.
    Words(Vec<Found<WordListId>>),
    /// The message has these words, and is the last of so many in a row.
    InARow {
        /// How many messages there were.
        messages: u32,
        /// The words of the last one.
        words: Vec<Found<WordListId>>,
    },
    /// The issue has been unresolved for so long.
    Unresolved {
        /// The time that the trigger allows.
        after: TimeDelta,
    },
    /// The customer gave so many stars.
    LowRating {
        /// The stars.
        stars: u8,
    },
}

/// What several firings come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The tags to be given, each once, in ascending order.
    pub tag_ids: Vec<TagId>,
    /// The priority to have at least.
    pub priority: Option<Priority>,
    /// How high to suggest to escalate. Empty if it is escalated as high anyway.
    pub suggest: Option<Level>,
    /// How high to escalate.
    pub escalate: Option<Level>,
}

impl Outcome {
    /// Takes the firings together: a session is escalated once, as high as any of them says.
    pub fn of(firings: &[Firing]) -> Self {
        let mut outcome = Self::default();
        for action in firings.iter().flat_map(|firing| &firing.actions) {
            match *action {
                Action::Tag(tag) => outcome.tag_ids.push(tag),
                Action::RaisePriority(priority) => outcome.priority = outcome.priority.max(Some(priority)),
                Action::Suggest(level) => outcome.suggest = outcome.suggest.max(Some(level)),
                Action::Escalate(level) => outcome.escalate = outcome.escalate.max(Some(level)),
            }
        }
        outcome.tag_ids.sort_unstable();
        outcome.tag_ids.dedup();
        outcome.suggest = outcome.suggest.filter(|&level| outcome.escalate < Some(level));
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firings_add_up_to_the_strongest_of_each() {
        let firing = |actions: &[Action]| Firing {
            trigger_id: TriggerId(1),
            actions: actions.to_vec(),
            cause: Cause::LowRating { stars: 1 },
        };
        assert_eq!(Outcome::of(&[]), Outcome::default());
        let firings = [
            firing(&[Action::Tag(TagId(2)), Action::Suggest(Level::Second)]),
            firing(&[Action::Tag(TagId(1)), Action::Tag(TagId(2)), Action::RaisePriority(Priority::Urgent)]),
            firing(&[Action::RaisePriority(Priority::High), Action::Escalate(Level::Second)]),
        ];
        let mut expected = Outcome {
            tag_ids: vec![TagId(1), TagId(2)],
            priority: Some(Priority::Urgent),
            suggest: None,
            escalate: Some(Level::Second),
        };
        assert_eq!(Outcome::of(&firings), expected);
        let higher = [firings.as_slice(), &[firing(&[Action::Suggest(Level::Third)])]].concat();
        expected.suggest = Some(Level::Third);
        assert_eq!(Outcome::of(&higher), expected);
    }
}
