//! Putting a project away.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::ProjectRefusal as Refusal;

use super::Project;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectArchive` takes.
#[derive(InputObject)]
pub(crate) struct ProjectArchiveInput {
    /// The global id of the project.
    project_id: ID,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectArchive`.
#[derive(SimpleObject)]
pub(crate) struct ProjectArchivePayload {
    /// The project as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why the project was left as it is. Empty if all went well.
    user_errors: Vec<ProjectArchiveError>,
}

user_error! {
    /// Why `projectArchive` left the project as it is.
    ProjectArchiveError,
    /// The reasons of `projectArchive` to leave the project as it is.
    ProjectArchiveErrorCode {
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
pub(crate) struct ProjectArchive;

#[Object]
impl ProjectArchive {
    /// Puts a project away: its bot is no longer served and its webhook is removed, lists leave it out unless asked, and
    /// everything in it is kept and can be read. What waits to be sent waits until `projectRestore`; what customers write
    /// meanwhile Telegram keeps for a day. For administrators of the project or of the workspace.
    async fn project_archive(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project.")] input: ProjectArchiveInput,
    ) -> Result<ProjectArchivePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(archive(&view, &input)).await?;
        let project = project.map(|project| Project::new(Arc::new(project), &view));
        Ok(ProjectArchivePayload { project, user_errors })
    }
}

async fn archive(
    view: &View,
    input: &ProjectArchiveInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectArchiveError>> {
    let id = id::parse(&input.project_id)
        .map_err(|invalid| ProjectArchiveError::new(ProjectArchiveErrorCode::InvalidId, Some("projectId"), invalid))?;
    let changed = view.desk().project_archive(view.actor(), id, input.expected_version).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectArchiveError> {
    use ProjectArchiveErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::ProjectNotFound, "projectId"),
        Refusal::NotAdministrator => (Code::NotAdministrator, "projectId"),
        Refusal::VersionConflict(_) => (Code::VersionConflict, "expectedVersion"),
        _ => return Stop::unexpected(refusal),
    };
    Stop::Refused { error: ProjectArchiveError::new(code, Some(field), &refusal), current: current(refusal) }
}
