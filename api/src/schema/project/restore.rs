//! Taking a project back.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::ProjectRefusal as Refusal;

use super::Project;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectRestore` takes.
#[derive(InputObject)]
pub(crate) struct ProjectRestoreInput {
    /// The global id of the project.
    project_id: ID,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectRestore`.
#[derive(SimpleObject)]
pub(crate) struct ProjectRestorePayload {
    /// The project as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why the project was left as it is. Empty if all went well.
    user_errors: Vec<ProjectRestoreError>,
}

user_error! {
    /// Why `projectRestore` left the project as it is.
    ProjectRestoreError,
    /// The reasons of `projectRestore` to leave the project as it is.
    ProjectRestoreErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You administer neither the project nor the workspace.
        NotAdministrator,
        /// The project has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
    }
}

#[derive(Default)]
pub(crate) struct ProjectRestore;

#[Object]
impl ProjectRestore {
    /// Takes an archived project back into service, within seconds. For administrators of the project or of the workspace.
    async fn project_restore(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project.")] input: ProjectRestoreInput,
    ) -> Result<ProjectRestorePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(restore(&view, &input)).await?;
        let project = project.map(|project| Project::new(Arc::new(project), &view));
        Ok(ProjectRestorePayload { project, user_errors })
    }
}

async fn restore(
    view: &View,
    input: &ProjectRestoreInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectRestoreError>> {
    let id = id::parse(&input.project_id)
        .map_err(|invalid| ProjectRestoreError::new(ProjectRestoreErrorCode::InvalidId, Some("projectId"), invalid))?;
    let changed = view.desk().project_restore(view.actor(), id, input.expected_version).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectRestoreError> {
    use ProjectRestoreErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::ProjectNotFound, "projectId"),
        Refusal::NotAdministrator => (Code::NotAdministrator, "projectId"),
        Refusal::VersionConflict(_) => (Code::VersionConflict, "expectedVersion"),
        _ => return Stop::unexpected(refusal),
    };
    Stop::Refused { error: ProjectRestoreError::new(code, Some(field), &refusal), current: current(refusal) }
}
