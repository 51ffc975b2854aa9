//! What the store takes in about triggers.

use domain::escalation::EscalationReason;
use domain::trigger::Level;
use domain::trigger::defaults::{DefaultList, DefaultTrigger};
use domain::{MessageId, Priority, ProjectId, SessionId, TagId, Time, TriggerId, WordListId};

/// A trigger to be added.
#[derive(Debug, Clone)]
pub struct NewTrigger {
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
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
    /// Why it escalates; empty for what its condition comes to.
    pub reason: Option<EscalationReason>,
    /// Whether it works.
    pub active: bool,
    /// Where it stands among the triggers of its project.
    pub place: i64,
    /// The present time.
    pub created_at: Time,
    /// Which of those it is that the desk has ready; empty for others.
    pub preset: Option<DefaultTrigger>,
}

/// A list of words to be added.
#[derive(Debug, Clone)]
pub struct NewWordList {
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
    /// What is looked for.
    pub phrases: Vec<String>,
    /// The present time.
    pub created_at: Time,
    /// Which of those it is that the desk has ready; empty for others.
    pub preset: Option<DefaultList>,
}

/// That a trigger fired.
#[derive(Debug, Clone)]
pub struct NewFiring {
    /// The trigger.
    pub trigger_id: TriggerId,
    /// The session.
    pub session_id: SessionId,
    /// The message that made it fire, if one did.
    pub message_id: Option<MessageId>,
    /// The phrases that the message has, each once.
    pub phrases: Vec<String>,
    /// The present time on the project's clock.
    pub at: Time,
    /// The version of the session by which it is noted.
    pub since_version: i64,
    /// How high it suggests to escalate, if it does.
    pub suggested: Option<Level>,
}
