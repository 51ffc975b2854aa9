//! Where results stand, and pages of them.

use std::cmp::Ordering;

use domain::search::{Grade, SearchKind};
use store::search::Stretch;

/// The place of a result: results are listed by kind, then stretch by stretch of identifiers from the newest on, and in a
/// stretch the best first and of equally good ones the newest. So it takes no look at everything to know what comes
/// first, and no result is listed twice or left out when others come or go meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchKey {
    /// The kind of the result.
    pub kind: SearchKind,
    /// The first identifier of the stretch; 0 for the last stretch.
    pub from: i64,
    /// The identifier after the stretch.
    pub below: i64,
    /// The place within the stretch; nothing for a place between two stretches: what is below `from` comes after it.
    pub place: Option<(Grade, i64)>,
}

impl SearchKey {
    /// The place between two stretches, of which the newer one begins with this identifier.
    pub(super) fn between(kind: SearchKind, boundary: i64) -> Self {
        Self { kind, from: boundary, below: boundary.saturating_add(1), place: None }
    }

    pub(super) fn stretch(&self) -> Stretch {
        Stretch { from: self.from, below: self.below }
    }

    /// Where a result of this kind stands, which is listed among those with this identifier: `Less` if it is listed before this
    /// place.
    pub(super) fn compare(&self, kind: SearchKind, at: i64, rank: (Grade, i64)) -> Ordering {
        kind.cmp(&self.kind).then_with(|| match self.place {
            Some(place) if (self.from..self.below).contains(&at) => place.cmp(&rank),
            _ if at < self.from => Ordering::Greater,
            _ => Ordering::Less,
        })
    }
}
