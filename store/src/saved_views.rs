//! What the store takes in about saved views, beside the entity of the domain.

use domain::filter::SessionFilter;
use domain::{AgentId, ProjectId, Time};

/// A view to be added.
#[derive(Debug, Clone)]
pub struct NewSavedView {
    /// The project.
    pub project_id: ProjectId,
    /// Whose it is; empty for a view that everybody in the project has.
    pub owner_id: Option<AgentId>,
    /// The name.
    pub name: String,
    /// Which sessions it shows.
    pub filter: SessionFilter,
    /// Where it stands among the views of the same owner.
    pub place: i64,
    /// The present time on the project's clock.
    pub created_at: Time,
}
