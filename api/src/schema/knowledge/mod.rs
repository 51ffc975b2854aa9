//! Knowledge: what the bot answers by itself.

mod answer;
mod archive;
mod create;
mod loader;
mod object;
mod query;
mod restore;
mod update;

pub(crate) use answer::KnowledgeAnswer;
pub(crate) use archive::KnowledgeEntryArchive;
pub(crate) use create::KnowledgeEntryCreate;
pub(crate) use loader::{AnswersInSession, KnowledgeEntryById, StatisticsOfKnowledge};
pub(crate) use object::KnowledgeEntry;
pub(crate) use query::KnowledgeQuery;
pub(crate) use restore::KnowledgeEntryRestore;
pub(crate) use update::KnowledgeEntryUpdate;

use domain::knowledge::KnowledgeContentRefusal as Content;

/// The field of an input that a refusal is about.
fn field_of(refusal: &Content) -> &'static str {
    match refusal {
        Content::NoQuestion | Content::QuestionTooLong => "question",
        Content::AnswerTooLong | Content::Answer(_) | Content::Vague(_) => "answer",
        Content::Language => "language",
        Content::TooManyKeywords | Content::Keyword(_) => "keywords",
    }
}
