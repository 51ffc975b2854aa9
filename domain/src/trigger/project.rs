//! The triggers of a project as people make them.

use chrono::TimeDelta;

use super::{Action, Condition, Level, Trigger};
use crate::escalation::EscalationReason;
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
/// The most minutes that an issue may be unresolved before a trigger fires: a week.
pub const MOST_UNRESOLVED_MINUTES: u32 = 7 * 24 * 60;
/// The most stars that a customer gives.
pub const MOST_STARS: u8 = 5;

/// A trigger: it looks for words in what customers write, waits for an issue that stays unresolved, or for few stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectTrigger {
    /// The identifier.
    pub id: TriggerId,
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
    /// The lists that it looks for; none if it waits for something else.
    pub word_list_ids: Vec<WordListId>,
    /// How many messages in a row have to have one of the words; empty for one message, once until the issue is
    /// resolved.
    pub messages_in_a_row: Option<u32>,
    /// After how many minutes it fires for an issue that is unresolved; empty if it does not wait for that.
    pub unresolved_minutes: Option<u32>,
    /// The most stars for which it fires; empty if it does not wait for a rating.
    pub low_rating: Option<u8>,
    /// The tags that it gives.
    pub tag_ids: Vec<TagId>,
    /// The priority that it raises a session to.
    pub raise_to: Option<Priority>,
    /// How high it suggests to escalate.
    pub suggest: Option<Level>,
    /// How high it escalates.
    pub escalate: Option<Level>,
    /// Why it escalates; empty for what its condition comes to.
    pub reason: Option<EscalationReason>,
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
    #[error("the trigger waits for nothing: give word lists, `unresolvedMinutes` or `lowRatingStars`")]
    NoWordList,
    /// It does nothing.
    #[error("the trigger does nothing: give it tags, a priority or an escalation")]
    NoAction,
    /// It looks for more than one kind of thing.
    #[error("a trigger looks for words, waits for a time or for a rating: give one of these")]
    SeveralConditions,
    /// Not from 1 to [`MOST_UNRESOLVED_MINUTES`].
    #[error("an issue is unresolved for 1 to {MOST_UNRESOLVED_MINUTES} minutes: change the number, or leave it out")]
    UnresolvedMinutes,
    /// Not from 1 to [`MOST_STARS`].
    #[error("customers give 1 to {MOST_STARS} stars: change the number, or leave it out")]
    LowRating,
    /// Not from 1 to [`MOST_MESSAGES_IN_A_ROW`].
    #[error("a trigger counts 1 to {MOST_MESSAGES_IN_A_ROW} messages in a row: change the number, or leave it out")]
    MessagesInARow,
}

impl ProjectTrigger {
    /// Checks that it can do something.
    pub fn check(&self) -> Result<(), ProjectTriggerRefusal> {
        let looks_for_words = !self.word_list_ids.is_empty();
        let conditions = [looks_for_words, self.unresolved_minutes.is_some(), self.low_rating.is_some()];
        match conditions.into_iter().filter(|is_given| *is_given).count() {
            0 => return Err(ProjectTriggerRefusal::NoWordList),
            1 if looks_for_words || self.messages_in_a_row.is_none() => {}
            _ => return Err(ProjectTriggerRefusal::SeveralConditions),
        }
        if self.unresolved_minutes.is_some_and(|minutes| !(1..=MOST_UNRESOLVED_MINUTES).contains(&minutes)) {
            return Err(ProjectTriggerRefusal::UnresolvedMinutes);
        }
        if self.low_rating.is_some_and(|stars| !(1..=MOST_STARS).contains(&stars)) {
            return Err(ProjectTriggerRefusal::LowRating);
        }
        if self.rule().actions.is_empty() {
            return Err(ProjectTriggerRefusal::NoAction);
        }
        match self.messages_in_a_row {
            Some(messages) if !(1..=MOST_MESSAGES_IN_A_ROW).contains(&messages) => {
                Err(ProjectTriggerRefusal::MessagesInARow)
            }
            _ => Ok(()),
        }
    }

    /// Why it escalates. Words alone say nothing of that.
    pub fn escalation_reason(&self) -> EscalationReason {
        self.reason.unwrap_or(match (self.unresolved_minutes, self.low_rating) {
            (Some(_), _) => EscalationReason::Unresolved,
            (None, Some(_)) => EscalationReason::LowRating,
            (None, None) => EscalationReason::Other,
        })
    }

    /// When it fires and what it does then.
    pub fn rule(&self) -> Trigger {
        let lists = self.word_list_ids.clone();
        let condition = match (self.unresolved_minutes, self.low_rating, self.messages_in_a_row) {
            (Some(minutes), ..) => Condition::Unresolved { after: TimeDelta::minutes(minutes.into()) },
            (None, Some(stars), _) => Condition::LowRating { stars },
            (None, None, Some(messages)) => Condition::InARow { lists, messages },
            (None, None, None) => Condition::Words(lists),
        };
        let raise = self.raise_to.map(Action::RaisePriority);
        let escalation = self.suggest.map(Action::Suggest).into_iter().chain(self.escalate.map(Action::Escalate));
        let actions = self.tag_ids.iter().copied().map(Action::Tag).chain(raise).chain(escalation).collect();
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
    /// After how many minutes it fires for an issue that is unresolved.
    pub unresolved_minutes: Option<u32>,
    /// The most stars for which it fires.
    pub low_rating: Option<u8>,
    /// The tags that it gives.
    pub tag_ids: Vec<TagId>,
    /// The priority that it raises a session to.
    pub raise_to: Option<Priority>,
    /// How high it suggests to escalate.
    pub suggest: Option<Level>,
    /// How high it escalates.
    pub escalate: Option<Level>,
}

impl KeptRule {
    /// What is kept of a rule.
    pub fn of(condition: Condition, actions: &[Action]) -> Self {
        let mut kept = Self::default();
        match condition {
            Condition::Words(lists) => kept.word_list_ids = lists,
            Condition::InARow { lists, messages } => {
                (kept.word_list_ids, kept.messages_in_a_row) = (lists, Some(messages));
            }
            Condition::Unresolved { after } => kept.unresolved_minutes = u32::try_from(after.num_minutes()).ok(),
            Condition::LowRating { stars } => kept.low_rating = Some(stars),
        }
        for action in actions {
            match *action {
                Action::Tag(tag) => kept.tag_ids.push(tag),
                Action::RaisePriority(priority) => kept.raise_to = Some(priority),
                Action::Suggest(level) => kept.suggest = Some(level),
                Action::Escalate(level) => kept.escalate = Some(level),
            }
        }
        kept
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
    /// How high it suggested to escalate, if it did.
    pub suggested: Option<Level>,
    /// What people think of it.
    pub judgement: Option<Judgement>,
    /// Who said so.
    pub judged_by: Option<AgentId>,
}

impl TriggerFiring {
    /// Whether it suggests an escalation that nobody has taken up or judged.
    pub fn is_open_suggestion(&self) -> bool {
        self.suggested.is_some() && self.judgement.is_none()
    }
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
    use super::*;

    fn trigger() -> ProjectTrigger {
        ProjectTrigger {
            id: TriggerId(1),
            project_id: ProjectId(1),
            name: "Refunds".to_owned(),
            word_list_ids: vec![WordListId(1)],
            messages_in_a_row: None,
            unresolved_minutes: None,
            low_rating: None,
            tag_ids: vec![TagId(1)],
            raise_to: Some(Priority::High),
            suggest: None,
            escalate: None,
            reason: None,
            active: true,
            place: 1,
            version: 1,
            created_at: Time::UNIX_EPOCH,
        }
    }

    #[test]
    fn of_a_rule_is_kept_when_it_fires_and_what_it_does() {
        let lists = || vec![WordListId(1)];
        let actions = [Action::Tag(TagId(2)), Action::RaisePriority(Priority::High), Action::Suggest(Level::Second)];
        let kept = KeptRule::of(Condition::InARow { lists: lists(), messages: 3 }, &actions);
        let expected = KeptRule {
            word_list_ids: lists(),
            messages_in_a_row: Some(3),
            tag_ids: vec![TagId(2)],
            raise_to: Some(Priority::High),
            suggest: Some(Level::Second),
            ..KeptRule::default()
        };
        assert_eq!(kept, expected);
        let kept = KeptRule::of(Condition::LowRating { stars: 3 }, &[Action::Escalate(Level::Third)]);
        assert_eq!((kept.low_rating, kept.escalate), (Some(3), Some(Level::Third)));
        let kept = KeptRule::of(Condition::Unresolved { after: TimeDelta::minutes(15) }, &[]);
        assert_eq!(kept.unresolved_minutes, Some(15));
    }

    #[test]
    fn what_is_kept_of_a_rule_is_the_rule() {
        let timed = ProjectTrigger {
            word_list_ids: vec![],
            unresolved_minutes: Some(15),
            suggest: Some(Level::Second),
            ..trigger()
        };
        let rated = ProjectTrigger { unresolved_minutes: None, low_rating: Some(3), ..timed.clone() };
        let counting = ProjectTrigger { messages_in_a_row: Some(3), escalate: Some(Level::Second), ..trigger() };
        for one in [trigger(), counting, timed, rated] {
            assert_eq!(one.check(), Ok(()));
            let rule = one.rule();
            let kept = KeptRule::of(rule.condition, &rule.actions);
            assert_eq!((kept.word_list_ids, kept.messages_in_a_row), (one.word_list_ids, one.messages_in_a_row));
            assert_eq!((kept.unresolved_minutes, kept.low_rating), (one.unresolved_minutes, one.low_rating));
            assert_eq!((kept.suggest, kept.escalate), (one.suggest, one.escalate));
        }
    }

    #[test]
    fn a_trigger_escalates_for_what_people_say_or_else_for_what_it_waits_for() {
        let reason = |one: ProjectTrigger| one.escalation_reason();
        assert_eq!(reason(trigger()), EscalationReason::Other);
        let timed = ProjectTrigger { unresolved_minutes: Some(15), ..trigger() };
        assert_eq!(reason(timed.clone()), EscalationReason::Unresolved);
        assert_eq!(reason(ProjectTrigger { low_rating: Some(3), ..trigger() }), EscalationReason::LowRating);
        let legal = Some(EscalationReason::Legal);
        assert_eq!(reason(ProjectTrigger { reason: legal, ..timed }), EscalationReason::Legal);
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
        let several = ProjectTrigger { low_rating: Some(3), ..trigger() };
        assert_eq!(refusal(several), ProjectTriggerRefusal::SeveralConditions);
        let timed = |minutes| ProjectTrigger { word_list_ids: vec![], unresolved_minutes: Some(minutes), ..trigger() };
        for minutes in [0, MOST_UNRESOLVED_MINUTES + 1] {
            assert_eq!(refusal(timed(minutes)), ProjectTriggerRefusal::UnresolvedMinutes);
        }
        let counting = ProjectTrigger { messages_in_a_row: Some(3), ..timed(15) };
        assert_eq!(refusal(counting), ProjectTriggerRefusal::SeveralConditions);
        for stars in [0, MOST_STARS + 1] {
            let rated = ProjectTrigger { word_list_ids: vec![], low_rating: Some(stars), ..trigger() };
            assert_eq!(refusal(rated), ProjectTriggerRefusal::LowRating);
        }
        let actions = trigger().rule().actions;
        assert_eq!(actions, [Action::Tag(TagId(1)), Action::RaisePriority(Priority::High)]);
    }
}
