//! The triggers of a project as people make them.

use super::{Action, Condition, Trigger};
use crate::{
    AgentId, MessageId, Priority, ProjectId, SessionId, TagId, Time, TriggerFiringId, TriggerId, WordListId, named_enum,
};

/// The most triggers of a project.
pub const MOST_TRIGGERS: usize = 50;
/// The most lists of words of a project.
pub const MOST_WORD_LISTS: usize = 50;
/// The most phrases of a list.
pub const MOST_PHRASES: usize = 1000;
/// The most phrases of all lists of a project: they are made ready together, while a message waits to be taken in.
pub const MOST_PHRASES_OF_PROJECT: usize = 5000;
/// The most messages in a row that a trigger counts.
pub const MOST_MESSAGES_IN_A_ROW: u32 = 20;

/// A trigger that looks for words in what customers write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectTrigger {
    /// The identifier.
    pub id: TriggerId,
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
    /// The lists that it looks for.
    pub word_list_ids: Vec<WordListId>,
    /// How many messages in a row have to have one of the words; empty for one message, once until the issue is
    /// resolved.
    pub messages_in_a_row: Option<u32>,
    /// The tags that it gives.
    pub tag_ids: Vec<TagId>,
    /// The priority that it raises a session to.
    pub raise_to: Option<Priority>,
    /// Whether it works.
    pub active: bool,
    /// Where it stands among the triggers of its project.
    pub place: i64,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
}

/// Why a trigger cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectTriggerRefusal {
    /// It looks for nothing.
    #[error("the trigger looks for no words: give at least one list")]
    NoWordList,
    /// It does nothing.
    #[error("the trigger does nothing: give it tags or a priority")]
    NoAction,
    /// Not from 1 to [`MOST_MESSAGES_IN_A_ROW`].
    #[error("a trigger counts 1 to {MOST_MESSAGES_IN_A_ROW} messages in a row: change the number, or leave it out")]
    MessagesInARow,
}

impl ProjectTrigger {
    /// Checks that it can do something.
    pub fn check(&self) -> Result<(), ProjectTriggerRefusal> {
        if self.word_list_ids.is_empty() {
            return Err(ProjectTriggerRefusal::NoWordList);
        }
        if self.tag_ids.is_empty() && self.raise_to.is_none() {
            return Err(ProjectTriggerRefusal::NoAction);
        }
        match self.messages_in_a_row {
            Some(messages) if !(1..=MOST_MESSAGES_IN_A_ROW).contains(&messages) => {
                Err(ProjectTriggerRefusal::MessagesInARow)
            }
            _ => Ok(()),
        }
    }

    /// When it fires and what it does then.
    pub fn rule(&self) -> Trigger {
        let lists = self.word_list_ids.clone();
        let condition = match self.messages_in_a_row {
            Some(messages) => Condition::InARow { lists, messages },
            None => Condition::Words(lists),
        };
        let raise = self.raise_to.map(Action::RaisePriority);
        let actions = self.tag_ids.iter().copied().map(Action::Tag).chain(raise).collect();
        Trigger { id: self.id, condition, actions }
    }
}

/// What is kept of a trigger's rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptRule {
    /// The lists that it looks for.
    pub word_list_ids: Vec<WordListId>,
    /// How many messages in a row have to have one of the words.
    pub messages_in_a_row: Option<u32>,
    /// The tags that it gives.
    pub tag_ids: Vec<TagId>,
    /// The priority that it raises a session to.
    pub raise_to: Option<Priority>,
}

impl KeptRule {
    /// What is kept of a rule; nothing if it looks for no words, or does nothing that triggers of a project do.
    pub fn of(condition: Condition, actions: &[Action]) -> Option<Self> {
        let (word_list_ids, messages_in_a_row) = match condition {
            Condition::Words(lists) => (lists, None),
            Condition::InARow { lists, messages } => (lists, Some(messages)),
            Condition::Unresolved { .. } | Condition::LowRating { .. } => return None,
        };
        let mut kept = Self { word_list_ids, messages_in_a_row, ..Self::default() };
        for action in actions {
            match *action {
                Action::Tag(tag) => kept.tag_ids.push(tag),
                Action::RaisePriority(priority) => kept.raise_to = Some(priority),
                Action::Suggest(_) | Action::Escalate(_) => {}
            }
        }
        let does_something = !kept.tag_ids.is_empty() || kept.raise_to.is_some();
        does_something.then_some(kept)
    }
}

/// A list of words as people make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectWordList {
    /// The identifier.
    pub id: WordListId,
    /// The project.
    pub project_id: ProjectId,
    /// What it is called, as no other one of the project.
    pub name: String,
    /// What is looked for, in the form of [`crate::words::Phrase`].
    pub phrases: Vec<String>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
}

named_enum! {
    /// What people think of it that a trigger fired.
    pub enum Judgement {
        /// It was right.
        Accepted = "ACCEPTED",
        /// There was no need.
        Unnecessary = "UNNECESSARY",
    }
}

/// One time that a trigger fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerFiring {
    /// The identifier.
    pub id: TriggerFiringId,
    /// The trigger.
    pub trigger_id: TriggerId,
    /// The session.
    pub session_id: SessionId,
    /// The message that made it fire.
    pub message_id: Option<MessageId>,
    /// The phrases of the lists that the message has, each once.
    pub phrases: Vec<String>,
    /// When it was, on the project's clock.
    pub at: Time,
    /// The version of the session by which it was noted.
    pub since_version: i64,
    /// What people think of it.
    pub judgement: Option<Judgement>,
    /// Who said so.
    pub judged_by: Option<AgentId>,
}

/// How often a trigger fired, and what people thought of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TriggerStatistics {
    /// How often it fired.
    pub fired: i64,
    /// How often that was right.
    pub accepted: i64,
    /// How often there was no need.
    pub unnecessary: i64,
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    fn trigger() -> ProjectTrigger {
        ProjectTrigger {
            id: TriggerId(1),
            project_id: ProjectId(1),
            name: "Refunds".to_owned(),
            word_list_ids: vec![WordListId(1)],
            messages_in_a_row: None,
            tag_ids: vec![TagId(1)],
            raise_to: Some(Priority::High),
            active: true,
            place: 1,
            version: 1,
            created_at: Time::UNIX_EPOCH,
        }
    }

    #[test]
    fn of_a_rule_is_kept_what_looks_for_words_and_acts() {
        let lists = || vec![WordListId(1)];
        let actions = [Action::Tag(TagId(2)), Action::RaisePriority(Priority::High), Action::Suggest(Level::Second)];
        let kept = KeptRule::of(Condition::InARow { lists: lists(), messages: 3 }, &actions).unwrap();
        let expected = KeptRule {
            word_list_ids: lists(),
            messages_in_a_row: Some(3),
            tag_ids: vec![TagId(2)],
            raise_to: Some(Priority::High),
        };
        assert_eq!(kept, expected);
        assert_eq!(KeptRule::of(Condition::Words(lists()), &actions[2..]), None);
        assert_eq!(KeptRule::of(Condition::LowRating { stars: 3 }, &actions), None);
    }

    #[test]
    fn a_trigger_looks_for_something_and_does_something() {
        assert_eq!(trigger().check(), Ok(()));
        let refusal = |trigger: ProjectTrigger| trigger.check().unwrap_err();
        assert_eq!(refusal(ProjectTrigger { word_list_ids: vec![], ..trigger() }), ProjectTriggerRefusal::NoWordList);
        let idle = ProjectTrigger { tag_ids: vec![], raise_to: None, ..trigger() };
        assert_eq!(refusal(idle), ProjectTriggerRefusal::NoAction);
        for messages in [0, MOST_MESSAGES_IN_A_ROW + 1] {
            let counting = ProjectTrigger { messages_in_a_row: Some(messages), ..trigger() };
            assert_eq!(refusal(counting), ProjectTriggerRefusal::MessagesInARow);
        }
        let actions = trigger().rule().actions;
        assert_eq!(actions, [Action::Tag(TagId(1)), Action::RaisePriority(Priority::High)]);
    }
}
