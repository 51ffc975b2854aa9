//! What the store takes in and gives out about search, beside what is in the domain.

use domain::ProjectId;
use domain::search::SearchKind;

/// A text that can be searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it belongs to.
    pub kind: SearchKind,
    /// The identifier of that.
    pub id: i64,
    /// The project.
    pub project_id: ProjectId,
    /// The text; empty if nobody may find it any more.
    pub text: String,
}

/// How far the index has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The place in the event log up to which it follows, as the desk notes it; empty before it has begun.
    pub position: Option<String>,
    /// Below which numbers what was there before it began is still to be taken in; 0 if nothing is.
    pub backlog: Backlog,
}

/// Below which numbers rows are still to be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Of messages.
    pub messages: i64,
    /// Of customers.
    pub customers: i64,
    /// Of sessions.
    pub sessions: i64,
}

/// A stretch of identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From this one on.
    pub from: i64,
    /// Below this one.
    pub below: i64,
}

/// From which end of a stretch is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From the greatest identifier on.
    NewestFirst,
    /// From the smallest identifier on.
    OldestFirst,
}

/// An entry of the index: an object with what it is found by.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: SearchKind,
    pub(crate) id: i64,
    pub(crate) keys: Vec<u32>,
}

/// How many places there are for kinds.
pub(crate) const KINDS: i64 = 4;

/// Which of the places a kind has, in the numbers of documents and in their keys.
pub(crate) fn place(kind: SearchKind) -> i64 {
    match kind {
        SearchKind::Message => 0,
        SearchKind::Customer => 1,
        SearchKind::Session => 2,
    }
}

/// Under which key documents of a project and a kind are found that have a gram: a hash, which is kept in the database
/// and so must stay the same (the finalizer of SplitMix64).
pub(crate) fn key(project: ProjectId, kind: SearchKind, gram: domain::search::Gram) -> u32 {
    let of = project.0.wrapping_mul(KINDS).wrapping_add(place(kind));
    let mut mixed =
        (u64::from(gram.0) << 32 | u64::from(gram.0)) ^ of.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default()
}

impl Entry {
    /// The entry of a document.
    pub(crate) fn of(document: &Document) -> Self {
        let grams = domain::search::grams(&document.text);
        let keys = grams.into_iter().map(|gram| key(document.project_id, document.kind, gram)).collect();
        Self { kind: document.kind, id: document.id, keys }
    }
}
