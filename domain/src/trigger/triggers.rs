//! The triggers of a project, ready for use.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{Action, Cause, Condition, Firing, Progress, WordList};
use crate::words::{Found, Matcher, TooManyPhrases};
use crate::{Time, TriggerId, WordListId};

/// A trigger: when it fires, and what it does then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The identifier.
    pub id: TriggerId,
    /// When it fires.
    pub condition: Condition,
    /// What it does then.
    pub actions: Vec<Action>,
}

/// Why the triggers cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TriggerError {
    /// Two triggers have one identifier.
    #[error("trigger {0} is there twice: give each its own identifier")]
    TwiceThere(TriggerId),
    /// It does nothing.
    #[error("trigger {0} does nothing: give it an action or remove it")]
    NoAction(TriggerId),
    /// It looks into a list that does not exist, or into none.
    #[error("trigger {0} looks for words of no list that exists: choose at least one list")]
    NoList(TriggerId),
    /// It counts no messages.
    #[error("trigger {0} must count at least one message")]
    NoMessage(TriggerId),
    /// Its time is not after the beginning.
    #[error("the time of trigger {0} must be longer than nothing")]
    NoTime(TriggerId),
    /// Its stars are not from 1 to 5.
    #[error("the stars of trigger {0} must be from 1 to 5")]
    NoSuchStars(TriggerId),
    /// More words than can be looked for.
    #[error(transparent)]
    TooManyPhrases(#[from] TooManyPhrases),
}

/// The triggers of a project, compiled.
#[derive(Debug, Clone)]
pub struct Triggers {
    triggers: Vec<Trigger>,
    words: Matcher<WordListId>,
}

impl Triggers {
    /// Checks and compiles the triggers. Lists that no trigger looks into are left out.
    pub fn new(triggers: Vec<Trigger>, lists: &[WordList]) -> Result<Self, TriggerError> {
        let known: BTreeSet<_> = lists.iter().map(|list| list.id).collect();
        let mut ids = BTreeSet::new();
        for trigger in &triggers {
            check(trigger, &known)?;
            if !ids.insert(trigger.id) {
                return Err(TriggerError::TwiceThere(trigger.id));
            }
        }
        let used: BTreeSet<_> = triggers.iter().flat_map(|trigger| trigger.condition.lists()).collect();
        let lists = lists.iter().filter(|list| used.contains(&list.id));
        let phrases = lists.flat_map(|list| list.phrases.iter().map(|phrase| (list.id, phrase.clone())));
        let words = Matcher::new(phrases)?;
        Ok(Self { triggers, words })
    }

    /// A message of the customer arrived, with this text or caption. A tap on a button, a rating and a command are not
    /// messages in this sense.
    pub fn on_message(&self, text: &str, progress: &mut Progress) -> Vec<Firing> {
        if !text.chars().any(char::is_alphanumeric) {
            return vec![];
        }
        let words = self.words.find(text);
        let fires = |trigger: &Trigger| {
            let words = words_of(&words, trigger.condition.lists());
            let cause = match trigger.condition {
                Condition::Words(_) => {
                    let fires = !words.is_empty() && progress.fired.insert(trigger.id);
                    fires.then_some(Cause::Words(words))
                }
                Condition::InARow { .. } if words.is_empty() => {
                    progress.rows.remove(&trigger.id);
                    None
                }
                Condition::InARow { messages, .. } => {
                    let row = progress.rows.entry(trigger.id).or_default();
                    *row += 1;
                    let fires = *row >= messages;
                    if fires {
                        progress.rows.remove(&trigger.id);
                    }
                    fires.then_some(Cause::InARow { messages, words })
                }
                Condition::Unresolved { .. } | Condition::LowRating { .. } => None,
            };
            cause.map(|cause| trigger.fires(cause))
        };
        self.triggers.iter().filter_map(fires).collect()
    }

    /// Time has passed, and the issue that began then is unresolved. The time of waiting for the customer is left out by
    /// moving the beginning ([`Progress::resume`]).
    pub fn on_time(&self, began: Time, now: Time, progress: &mut Progress) -> Vec<Firing> {
        let fires = |trigger: &Trigger| {
            let after = trigger.unresolved_after()?;
            let fires = now - began >= after && progress.fired.insert(trigger.id);
            fires.then(|| trigger.fires(Cause::Unresolved { after }))
        };
        self.triggers.iter().filter_map(fires).collect()
    }

    /// Whether any of them waits for an issue that stays unresolved.
    pub fn wait_for_time(&self) -> bool {
        self.triggers.iter().any(|trigger| trigger.unresolved_after().is_some())
    }

    /// Whether any of them waits for few stars, so that the project says itself what these bring about.
    pub fn wait_for_rating(&self) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger.condition, Condition::LowRating { .. }))
    }

    /// When [`Self::on_time`] next has something to say about an issue that began then.
    pub fn next_due(&self, began: Time, progress: &Progress) -> Option<Time> {
        let waiting = self.triggers.iter().filter(|trigger| !progress.fired.contains(&trigger.id));
        waiting.filter_map(|trigger| began.checked_add_signed(trigger.unresolved_after()?)).min()
    }

    /// The customer rated the service with so many stars.
    pub fn on_rating(&self, stars: u8) -> Vec<Firing> {
        let is_low =
            |trigger: &&Trigger| matches!(trigger.condition, Condition::LowRating { stars: low } if stars <= low);
        self.triggers.iter().filter(is_low).map(|trigger| trigger.fires(Cause::LowRating { stars })).collect()
    }
}

impl Trigger {
    fn unresolved_after(&self) -> Option<TimeDelta> {
        match self.condition {
            Condition::Unresolved { after } => Some(after),
            _ => None,
        }
    }

    fn fires(&self, cause: Cause) -> Firing {
        Firing { trigger_id: self.id, actions: self.actions.clone(), cause }
    }
}

fn check(trigger: &Trigger, known: &BTreeSet<WordListId>) -> Result<(), TriggerError> {
    if trigger.actions.is_empty() {
        return Err(TriggerError::NoAction(trigger.id));
    }
    let has_lists = |lists: &[WordListId]| !lists.is_empty() && lists.iter().all(|list| known.contains(list));
    match &trigger.condition {
        Condition::Words(lists) | Condition::InARow { lists, .. } if !has_lists(lists) => {
            Err(TriggerError::NoList(trigger.id))
        }
        Condition::InARow { messages: 0, .. } => Err(TriggerError::NoMessage(trigger.id)),
        Condition::Unresolved { after } if *after <= TimeDelta::zero() => Err(TriggerError::NoTime(trigger.id)),
        Condition::LowRating { stars } if !(1..=5).contains(stars) => Err(TriggerError::NoSuchStars(trigger.id)),
        _ => Ok(()),
    }
}

fn words_of(words: &[Found<WordListId>], lists: &[WordListId]) -> Vec<Found<WordListId>> {
    words.iter().filter(|found| lists.contains(&found.key)).cloned().collect()
}
