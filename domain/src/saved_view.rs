//! Saved views: filters of sessions under a name.

use crate::filter::SessionFilter;
use crate::{AgentId, ProjectId, SavedViewId, Time};

/// A filter of sessions under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// The identifier.
    pub id: SavedViewId,
    /// The project.
    pub project_id: ProjectId,
    /// Whose it is; empty for a view that everybody in the project has.
    pub owner_id: Option<AgentId>,
    /// The name, which no other view of the same owner has.
    pub name: String,
    /// Which sessions it shows.
    pub filter: SessionFilter,
    /// Where it stands among the views of the same owner.
    pub place: i64,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
}

/// How many views an agent has in a project at most, and how many a project shares.
pub const MOST_VIEWS: usize = 100;

/// A number of sessions that is counted up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundedCount {
    /// How many there are, but not more than [`MOST_COUNTED`].
    pub number: i64,
    /// Whether there are no more than that.
    pub is_exact: bool,
}

/// How far sessions are counted, so that a count costs no more however many there are.
pub const MOST_COUNTED: i64 = 10_000;

impl BoundedCount {
    /// From what was counted up to one more than the bound.
    pub fn of(counted: i64) -> Self {
        Self { number: counted.min(MOST_COUNTED), is_exact: counted <= MOST_COUNTED }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_exact_up_to_its_bound() {
        assert_eq!(BoundedCount::of(7), BoundedCount { number: 7, is_exact: true });
        assert_eq!(BoundedCount::of(MOST_COUNTED), BoundedCount { number: MOST_COUNTED, is_exact: true });
        assert_eq!(BoundedCount::of(MOST_COUNTED + 1), BoundedCount { number: MOST_COUNTED, is_exact: false });
    }
}
