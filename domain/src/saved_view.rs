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
