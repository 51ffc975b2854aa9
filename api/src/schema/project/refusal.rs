//! What the changes of a project have in common.

use desk::project::ProjectRefusal;

/// The project as it is, where a refusal shows it.
pub(super) fn current(refusal: ProjectRefusal) -> Option<domain::Project> {
    match refusal {
        ProjectRefusal::VersionConflict(project) => Some(*project),
        _ => None,
    }
}
