//! Lists of words.

use crate::WordListId;
use crate::words::{Phrase, PhraseError};

/// A list of words and phrases that triggers look for, in any number of languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordList {
    /// The identifier.
    pub id: WordListId,
    /// What is looked for.
    pub phrases: Vec<Phrase>,
}

impl WordList {
    /// Reads a list, and says of the first phrase that is none why not.
    pub fn parse<'t>(id: WordListId, phrases: impl IntoIterator<Item = &'t str>) -> Result<Self, PhraseError> {
        let phrases = phrases.into_iter().map(Phrase::parse).collect::<Result<_, _>>()?;
        Ok(Self { id, phrases })
    }
}
