//! Triggers: what makes the desk tag, raise or escalate a session by itself.
//!
//! The articles name them: an issue that has not been resolved for 15 minutes, a customer who asks for a manager or
//! complains three times in a row, sensitive content such as refunds, bans and data leaks (“From the first line to the
//! second line”, step 1), strong language and threats (“SLA Management Guide”, scenario two), and a low rating (the
//! former, step 5). All of it is data: [`defaults`] holds what a project has until it says otherwise.
//!
//! [`Triggers`] are compiled once for each version of a project's settings. What they remember of a session is its
//! [`Progress`], which is stored with the session.

mod action;
mod condition;
pub mod defaults;
mod firing;
mod list;
mod progress;
mod project;
mod triggers;

pub use action::{Action, Level};
pub use condition::Condition;
pub use firing::{Cause, Firing, Outcome};
pub use list::WordList;
pub use progress::Progress;
pub use project::{
    Judgement, KeptRule, MOST_PHRASES, MOST_PHRASES_OF_PROJECT, MOST_STARS, MOST_TRIGGERS, MOST_UNRESOLVED_MINUTES,
    MOST_WORD_LISTS, ProjectTrigger, ProjectTriggerRefusal, ProjectWordList, TriggerFiring, TriggerStatistics,
};
pub use triggers::{Trigger, TriggerError, Triggers};

#[cfg(test)]
mod tests;
