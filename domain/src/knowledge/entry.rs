//! A question with its answer.

use crate::bot_text::is_language;
use crate::text::{self, TextRefusal, without_nul};
use crate::vague::vague_words;
use crate::words::{Phrase, PhraseError};
use crate::{AgentId, KnowledgeEntryId, ProjectId, SessionId, Time};

/// The longest question, in characters.
pub const QUESTION_CHARACTERS: usize = 300;
/// The longest answer, in characters.
pub const ANSWER_CHARACTERS: usize = 3000;
/// The most keywords of one entry.
pub const KEYWORDS: usize = 20;
/// How many entries a project has at most.
pub const MOST_ENTRIES: i64 = 500;

/// A question that customers ask, with the answer that the bot gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeEntry {
    /// The identifier.
    pub id: KnowledgeEntryId,
    /// The project.
    pub project_id: ProjectId,
    /// The session from which it was made, if it was made from one.
    pub session_id: Option<SessionId>,
    /// The question as customers ask it.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The language of both as an IETF tag; empty for customers of any language.
    pub language: Option<String>,
    /// Words and phrases that make a message this question, whatever else is in it.
    pub keywords: Vec<String>,
    /// Who made it.
    pub created_by: AgentId,
    /// When it was put away, if it was. Then the bot does not give it.
    pub archived_at: Option<Time>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// What became of the answers that customers got by an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KnowledgeStatistics {
    /// How many sessions got it.
    pub shown: i64,
    /// In how many of them the customer said that it helped.
    pub helped: i64,
    /// In how many that it did not.
    pub did_not_help: i64,
    /// In how many they wanted a person.
    pub asked_for_person: i64,
}

/// Why something cannot be an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeContentRefusal {
    /// There is no question.
    #[error("there is no question: write what customers ask")]
    NoQuestion,
    /// It is longer than [`QUESTION_CHARACTERS`].
    #[error("the question is longer than {QUESTION_CHARACTERS} characters: shorten it")]
    QuestionTooLong,
    /// The answer is longer than [`ANSWER_CHARACTERS`].
    #[error("the answer is longer than {ANSWER_CHARACTERS} characters: shorten it, or link to a page")]
    AnswerTooLong,
    /// Telegram could not take the answer.
    #[error(transparent)]
    Answer(#[from] TextRefusal),
    /// The answer has a vague word.
    #[error("{0:?} says nothing definite: say what is meant instead")]
    Vague(String),
    /// The language is none.
    #[error("this is not a language: give an IETF tag such as `de` or `pt-BR`, or null for any")]
    Language,
    /// There are more than [`KEYWORDS`].
    #[error("an entry has at most {KEYWORDS} keywords: leave some out")]
    TooManyKeywords,
    /// A keyword is none.
    #[error(transparent)]
    Keyword(#[from] PhraseError),
}

/// Reads a question.
pub fn parse_question(text: &str) -> Result<String, KnowledgeContentRefusal> {
    let text = without_nul(text).trim().to_owned();
    if text::is_blank(&text) {
        return Err(KnowledgeContentRefusal::NoQuestion);
    }
    if text.chars().count() > QUESTION_CHARACTERS {
        return Err(KnowledgeContentRefusal::QuestionTooLong);
    }
    Ok(text)
}

/// Reads an answer with its language.
pub fn check_answer(text: &str, language: Option<&str>) -> Result<(String, Option<String>), KnowledgeContentRefusal> {
    let text = without_nul(text).trim().to_owned();
    text::check(&text)?;
    if text.chars().count() > ANSWER_CHARACTERS {
        return Err(KnowledgeContentRefusal::AnswerTooLong);
    }
    if let Some(word) = vague_words(&text).into_iter().next() {
        return Err(KnowledgeContentRefusal::Vague(word.phrase));
    }
    match language {
        Some(tag) if !is_language(tag) => Err(KnowledgeContentRefusal::Language),
        language => Ok((text, language.map(str::to_ascii_lowercase))),
    }
}

/// Reads keywords, each once.
pub fn parse_keywords(given: &[String]) -> Result<Vec<String>, KnowledgeContentRefusal> {
    if given.len() > KEYWORDS {
        return Err(KnowledgeContentRefusal::TooManyKeywords);
    }
    let mut keywords = Vec::with_capacity(given.len());
    for keyword in given {
        let keyword = Phrase::parse(&without_nul(keyword))?.text().to_owned();
        if !keywords.contains(&keyword) {
            keywords.push(keyword);
        }
    }
    Ok(keywords)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_something_definite() {
        assert_eq!(parse_question(" How do I pay?\0 "), Ok("How do I pay?".to_owned()));
        assert_eq!(parse_question("\u{200b}"), Err(KnowledgeContentRefusal::NoQuestion));
        let long = parse_question(&"x".repeat(QUESTION_CHARACTERS + 1));
        assert_eq!(long, Err(KnowledgeContentRefusal::QuestionTooLong));
        let answer = check_answer(" By card. ", Some("pt-BR"));
        assert_eq!(answer, Ok(("By card.".to_owned(), Some("pt-br".to_owned()))));
        let vague = check_answer("We tell you soon.", None);
        assert_eq!(vague, Err(KnowledgeContentRefusal::Vague("soon".to_owned())));
        assert_eq!(check_answer("By card.", Some("german!")), Err(KnowledgeContentRefusal::Language));
        assert_eq!(check_answer(" ", None), Err(KnowledgeContentRefusal::Answer(TextRefusal::Empty)));
    }

    #[test]
    fn keywords_are_phrases_each_once() {
        let given = |words: &[&str]| parse_keywords(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(given(&["refund*", " refund* "]).map(|words| words.len()), Ok(1));
        assert_eq!(given(&[" "]), Err(KnowledgeContentRefusal::Keyword(PhraseError::Empty)));
        assert_eq!(given(&["a"; KEYWORDS + 1]), Err(KnowledgeContentRefusal::TooManyKeywords));
    }
}
