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
