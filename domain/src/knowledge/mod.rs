//! Knowledge: questions that customers ask again and again, with the answers that the bot gives by itself.

mod entry;
mod guide;
mod words;

pub use entry::{
    ANSWER_CHARACTERS, KEYWORDS, KnowledgeContentRefusal, KnowledgeEntry, KnowledgeStatistics, MOST_ENTRIES,
    QUESTION_CHARACTERS, check_answer, parse_keywords, parse_question,
};
pub use guide::{Guide, NotAGuide};
pub use words::KnowledgeWords;

use serde::{Deserialize, Serialize};

use crate::{KnowledgeEntryId, MessageId, SessionId, Time};

/// What a customer says about an answer of the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Feedback {
    /// It helped.
    Helped,
    /// It did not.
    DidNotHelp,
    /// They want a person.
    Person,
}

/// An answer that a customer got from the bot, once in a session by each entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnowledgeAnswer {
    /// The session.
    pub session_id: SessionId,
    /// The entry.
    pub entry_id: KnowledgeEntryId,
    /// The message with the answer.
    pub message_id: MessageId,
    /// Whether it helped, as far as the customer said.
    pub helped: Option<bool>,
    /// Whether they wanted a person.
    pub person: bool,
    /// When they got it, on the project's clock.
    pub shown_at: Time,
}
