//! Vague words in texts for customers.
//!
//! “Avoid vague terms like ‘soon’, ‘shortly’, or ‘later’. If exact time is uncertain, say ‘We will provide the next
//! update within 30 minutes.’” (article “No Panic During Service Outages”, script writing guide); “promise users with
//! a specific response time, and avoid vague terms such as ‘as soon as possible’” (article “From the first line to the
//! second line”, step 3).

mod lists;

use std::ops::Range;
use std::sync::LazyLock;

use crate::words::{Matcher, Phrase};

/// A vague word in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VagueWord {
    /// Its place in the text, in bytes.
    pub range: Range<usize>,
    /// The word or phrase as the list has it, for the message to the writer.
    pub phrase: String,
}

/// What a listed phrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It says nothing definite.
    Vague,
    /// It contains a vague word and is definite all the same: “no later than 18:00”.
    Definite,
}

/// Finds the vague words of a text, in the order of their places, whatever the language. Of words within each other
/// only the longest is given. Words in addresses of pages are left alone.
pub fn vague_words(text: &str) -> Vec<VagueWord> {
    let mut found = MATCHER.find_as_written(text);
    found.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end), std::cmp::Reverse(found.key)));
    let mut covered = 0;
    let mut words = Vec::new();
    for found in found {
        if found.end <= covered {
            continue;
        }
        covered = found.end;
        if found.key == Kind::Vague && !is_in_address(text, found.range()) {
            words.push(VagueWord { range: found.range(), phrase: found.phrase });
        }
    }
    words
}

fn is_in_address(text: &str, range: Range<usize>) -> bool {
    // Most texts have no address at all; only in the others it is worth looking for the beginning of the word.
    if !text.contains("://") {
        return false;
    }
    let start = text[..range.start].rfind(char::is_whitespace).unwrap_or(0);
    text[start..range.start].contains("://")
}

static MATCHER: LazyLock<Matcher<Kind>> = LazyLock::new(|| {
    let listed = |kind, list: &'static [&'static [&'static str]]| {
        list.iter()
            .copied()
            .flatten()
            .map(move |phrase| (kind, Phrase::parse(phrase).expect("a test parses every phrase of the lists")))
    };
    Matcher::new(listed(Kind::Vague, lists::VAGUE).chain(listed(Kind::Definite, lists::DEFINITE)))
        .expect("the lists are short")
});

#[cfg(test)]
mod tests;
