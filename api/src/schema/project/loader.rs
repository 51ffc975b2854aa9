//! Projects by their ids.

use desk::Error;
use domain::ProjectId;

use crate::loader::{Found, Relation, Source};

/// The projects with given ids.
pub(crate) struct ProjectById;

impl Relation for ProjectById {
    type Key = ProjectId;
    type Value = domain::Project;

    async fn load(source: &Source, keys: &[ProjectId]) -> Result<Found<Self>, Error> {
        let projects = source.desk.projects_by_id(&source.actor, keys).await?;
        Ok(projects.into_iter().map(|project| (project.id, project)).collect())
    }
}
