//! Searching in what people wrote, in any language.
//!
//! Texts and queries are read alike, as [units](unit): words and numbers of scripts with spaces, stretches of scripts
//! without, and symbols such as emoji, all folded as by [`words`](crate::words). A query finds a text if each of its
//! units is in it:
//! - a word of three letters or more anywhere in a word, one of two at the beginning of one, a single letter alone;
//! - a stretch of Chinese, Japanese or Thai anywhere in such a stretch;
//! - a symbol anywhere.
//!
//! An index cannot answer that, but it can name the texts that come into question: those with all the [`grams`] of the
//! query, which are the pieces that every text has that the query finds.

mod gram;
mod hit;
mod query;
mod snippet;
mod unit;

pub use gram::{Gram, grams};
pub use hit::{Grade, Hit};
pub use query::{QUERY_CHARACTERS, Query, QueryRefusal};
pub use snippet::{SNIPPET_CHARACTERS, Snippet};

use crate::named_enum;

named_enum! {
    /// What can be searched for. The order is that in which results are listed: of the former there are few.
    pub enum SearchKind {
        /// A session, by its number, what became of it or what it waits for.
        Session = "SESSION",
        /// A customer, by name or user name.
        Customer = "CUSTOMER",
        /// A message, by its text.
        Message = "MESSAGE",
    }
}

/// What a customer is found by.
pub fn text_of_customer(name: &str, username: Option<&str>) -> String {
    join([name, username.unwrap_or_default()])
}

/// What a session is found by beside its number: what became of it, and what it waits for.
pub fn text_of_session(summary: Option<&str>, note: Option<&str>) -> String {
    join([summary.unwrap_or_default(), note.unwrap_or_default()])
}

fn join(parts: [&str; 2]) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}
