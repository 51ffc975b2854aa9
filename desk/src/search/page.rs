//! Where results stand.

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
    /// The place within the stretch; nothing for what is after all of it.
    pub place: Option<(Grade, i64)>,
}

impl SearchKey {
    pub(super) fn stretch(&self) -> Stretch {
        Stretch { from: self.from, below: self.below }
    }

    /// Whether something of the same stretch comes behind this place.
    pub(super) fn is_before(&self, grade: Grade, id: i64) -> bool {
        self.place.is_some_and(|place| (grade, id) < place)
    }
}
