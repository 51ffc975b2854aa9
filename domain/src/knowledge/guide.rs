//! Finding the question that a message asks.

use super::KnowledgeEntry;
use crate::KnowledgeEntryId;
use crate::search::{Gram, grams};
use crate::words::{Matcher, Phrase, PhraseError, TooManyPhrases};

/// What part of a question a message has to have, in hundredths of its [`grams`].
const OF_QUESTION: usize = 70;
/// What part of a message has to be of the question, likewise: whoever tells a long story asks more than one thing.
const OF_MESSAGE: usize = 30;
/// The fewest grams of a question that is found by its own words.
const FEWEST_GRAMS: usize = 5;

/// The questions of a project, ready to be found.
#[derive(Debug, Clone)]
pub struct Guide {
    entries: Vec<Known>,
    keywords: Matcher<usize>,
}

#[derive(Debug, Clone)]
struct Known {
    id: KnowledgeEntryId,
    language: Option<String>,
    grams: Vec<Gram>,
}

/// Entries of which no guide can be made. What people give is checked, so that no stored entry is such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAGuide {
    /// A keyword is no phrase.
    #[error(transparent)]
    Keyword(#[from] PhraseError),
    /// There are too many of them.
    #[error(transparent)]
    TooMany(#[from] TooManyPhrases),
}

impl Guide {
    /// Prepares to find the questions of entries.
    pub fn new(entries: &[KnowledgeEntry]) -> Result<Self, NotAGuide> {
        let mut phrases = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            for keyword in &entry.keywords {
                phrases.push((place, Phrase::parse(keyword)?));
            }
        }
        let known = |entry: &KnowledgeEntry| Known {
            id: entry.id,
            language: entry.language.clone(),
            grams: grams(&entry.question),
        };
        Ok(Self { entries: entries.iter().map(known).collect(), keywords: Matcher::new(phrases)? })
    }

    /// Whether an entry answers a message in any language.
    pub fn knows(&self, text: &str) -> bool {
        self.scores(text).into_iter().any(|score| score > 0)
    }

    /// The entries that answer a message of somebody of a language, the best first: those of which it has a keyword, and
    /// those whose question it asks in much the same words.
    pub fn find(&self, text: &str, language: Option<&str>) -> Vec<KnowledgeEntryId> {
        let mut found: Vec<(usize, &Known)> = self.scores(text).into_iter().zip(&self.entries).collect();
        found.retain(|(score, entry)| *score > 0 && speaks(entry.language.as_deref(), language));
        // Words in the customer's own language come before words for everybody.
        found.sort_by_key(|(score, entry)| (std::cmp::Reverse((*score, entry.language.is_some())), entry.id));
        found.into_iter().map(|(_, entry)| entry.id).collect()
    }

    /// How well each entry answers a message, in hundredths.
    fn scores(&self, text: &str) -> Vec<usize> {
        let message = grams(text);
        let mut scores: Vec<usize> = self.entries.iter().map(|entry| likeness(&entry.grams, &message)).collect();
        for found in self.keywords.find_as_written(text) {
            if let Some(score) = scores.get_mut(found.key) {
                *score = 100;
            }
        }
        scores
    }
}

/// How much of a question a message has, in hundredths; nothing if it is too little, or too little of the message.
fn likeness(question: &[Gram], message: &[Gram]) -> usize {
    if question.len() < FEWEST_GRAMS || message.is_empty() {
        return 0;
    }
    let shared = question.iter().filter(|gram| message.binary_search(gram).is_ok()).count();
    let of_question = shared * 100 / question.len();
    let of_message = shared * 100 / message.len();
    if of_question >= OF_QUESTION && of_message >= OF_MESSAGE { of_question } else { 0 }
}

/// Whether an entry in a language is for somebody of a language: of the same one or a variety of it.
fn speaks(entry: Option<&str>, customer: Option<&str>) -> bool {
    let Some(entry) = entry else { return true };
    let customer = customer.unwrap_or_default().to_ascii_lowercase().replace('_', "-");
    customer == entry || customer.strip_prefix(entry).is_some_and(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::tests::noon;
    use crate::{AgentId, ProjectId};

    fn entry(id: i64, question: &str, language: Option<&str>, keywords: &[&str]) -> KnowledgeEntry {
        KnowledgeEntry {
            id: KnowledgeEntryId(id),
            project_id: ProjectId(1),
            session_id: None,
            question: question.to_owned(),
            answer: "This way.".to_owned(),
            language: language.map(str::to_owned),
            keywords: keywords.iter().map(|&word| word.to_owned()).collect(),
            created_by: AgentId(1),
            archived_at: None,
            version: 1,
            created_at: noon(),
            updated_at: noon(),
        }
    }

    fn find(guide: &Guide, text: &str, language: Option<&str>) -> Vec<i64> {
        guide.find(text, language).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn a_question_is_found_in_much_the_same_words_or_by_a_keyword() {
        let guide = Guide::new(&[
            entry(1, "How do I change my password?", None, &["forgot my password"]),
            entry(2, "怎么修改密码？", None, &[]),
            entry(3, "Wie ändere ich mein Passwort?", Some("de"), &[]),
        ])
        .unwrap();
        assert_eq!(find(&guide, "how do i CHANGE my pässword", None), [1]);
        assert_eq!(find(&guide, "Hello, I forgot my password and my dog ate the note with it", None), [1]);
        assert_eq!(find(&guide, "怎么修改密码", Some("zh")), [2]);
        assert_eq!(find(&guide, "Wie ändere ich mein Passwort", Some("de-AT")), [3]);
        assert_eq!(find(&guide, "Wie ändere ich mein Passwort", Some("en")), [0; 0]);
        for text in ["", "hello", "my parcel is lost", "password"] {
            assert_eq!(find(&guide, text, None), [0; 0], "{text}");
        }
    }

    #[test]
    fn words_in_the_own_language_come_first() {
        let question = "How do I change my password?";
        let guide = Guide::new(&[entry(1, question, None, &[]), entry(2, question, Some("en"), &[])]).unwrap();
        assert_eq!(find(&guide, question, Some("en-GB")), [2, 1]);
        assert_eq!(find(&guide, question, Some("fr")), [1]);
    }

    proptest! {
        #[test]
        fn a_question_finds_itself(question in "[a-z]{3,9}( [a-z]{3,9}){3,6}") {
            let guide = Guide::new(&[entry(1, &question, None, &[])]).unwrap();
            prop_assert_eq!(find(&guide, &question, None), [1]);
        }

        #[test]
        fn no_message_is_too_strange(text in any::<String>()) {
            let guide = Guide::new(&[entry(1, "How do I change my password?", None, &["refund*"])]).unwrap();
            prop_assert!(find(&guide, &text, None).len() <= 1);
        }
    }
}
