//! What was found.

use std::ops::Range;
use std::sync::Arc;

use async_graphql::{Object, SimpleObject, Union};
use desk::search::{SearchHit, SearchKey, SearchPage, SearchResult as Found};
use domain::search::{Grade, Snippet};

use super::cursor::Results;
use crate::schema::connection::{PageInfo, total};
use crate::schema::customer::Customer;
use crate::schema::message::Message;
use crate::schema::session::Session;
use crate::view::View;

/// Something that was found.
#[derive(Union)]
pub(crate) enum SearchResult {
    Message(Message),
    Customer(Customer),
    Session(Session),
}

impl SearchResult {
    fn new(found: Found, view: &View) -> Self {
        match found {
            Found::Message(message) => Self::Message(Message::new(Arc::new(*message), view)),
            Found::Customer(customer) => Self::Customer(Customer::new(Arc::new(*customer), view)),
            Found::Session(session) => Self::Session(Session::new(Arc::new(*session), view)),
        }
    }
}

/// A stretch of a text.
#[derive(SimpleObject)]
pub(crate) struct TextRange {
    /// Where the stretch begins in the text, in UTF-16 code units.
    offset: i64,
    /// How long the stretch is, in UTF-16 code units.
    length: i64,
}

/// The part of a text in which the words were found.
#[derive(SimpleObject)]
pub(crate) struct SearchSnippet {
    /// The part, up to 160 characters: of a message its text, of a customer the name and the user name, of a session its
    /// number or what agents noted of it. `…` stands for what was left out.
    text: String,
    /// Where in the part the words are, from the first on.
    ranges: Vec<TextRange>,
}

impl From<Snippet> for SearchSnippet {
    fn from(snippet: Snippet) -> Self {
        let range = |Range { start, end }| TextRange { offset: total(start), length: total(end - start) };
        Self { text: snippet.text, ranges: snippet.ranges.into_iter().map(range).collect() }
    }
}

/// Something that was found, with how and where.
#[derive(SimpleObject)]
pub(crate) struct SearchResultEdge {
    /// The place of the result, to be given as `after` or `before`.
    cursor: String,
    /// What was found.
    node: SearchResult,
    /// The part of its text that fits.
    snippet: SearchSnippet,
    /// How well it fits: 1 for the words one after the other as they were given, 0.6 for whole words, and 0.3 for parts
    /// of longer ones.
    score: f64,
}

pub(crate) struct SearchResultConnection {
    edges: Vec<SearchResultEdge>,
    has_next_page: bool,
    has_previous_page: bool,
    start: Option<String>,
    end: Option<String>,
}

impl SearchResultConnection {
    pub(super) fn new(page: SearchPage, results: Results, view: &View) -> Self {
        let edge = |hit: SearchHit| SearchResultEdge {
            cursor: results.encode(hit.key),
            node: SearchResult::new(hit.result, view),
            snippet: hit.snippet.into(),
            score: score(hit.grade),
        };
        let cursor = |key: Option<SearchKey>| key.map(|key| results.encode(key));
        Self {
            edges: page.hits.into_iter().map(edge).collect(),
            has_next_page: page.has_next_page,
            has_previous_page: page.has_previous_page,
            start: cursor(page.start),
            end: cursor(page.end),
        }
    }
}

/// One page of what was found: sessions first, then customers, then messages; of each kind the best of the newest first,
/// and further back what is older. How many results there are on all pages nobody counts.
#[Object]
impl SearchResultConnection {
    /// The results of this page with their cursors.
    async fn edges(&self) -> &[SearchResultEdge] {
        &self.edges
    }

    /// What was found on this page.
    async fn nodes(&self) -> Vec<&SearchResult> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page begins and ends, and whether there are others. A page may have fewer results than asked for, even
    /// none, and be followed by another one: where too many texts had to be looked at for one request.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor: self.start.clone(),
            end_cursor: self.end.clone(),
        }
    }
}

fn score(grade: Grade) -> f64 {
    match grade {
        Grade::Phrase => 1.0,
        Grade::Words => 0.6,
        Grade::Parts => 0.3,
    }
}
