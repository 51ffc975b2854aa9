//! How long the sessions of a project live.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::Duration;
use desk::project::{SessionLifeChange, SessionLifeRefusal as Refusal, StandingRefusal};

use super::Project;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// How long the sessions of a project live.
#[derive(SimpleObject)]
pub(crate) struct SessionLife {
    /// How long after closing a customer's message opens the same session again, in seconds. At the end of it a new
    /// session begins.
    reopen_window_seconds: i64,
    /// How long the customer may be silent after the agent's last message before the session closes, in seconds.
    no_response_after_seconds: i64,
    /// How long after it was resolved a session closes if nothing comes back, in seconds.
    close_after_resolve_seconds: i64,
}

impl SessionLife {
    pub(super) fn of(life: domain::session::SessionLife) -> Self {
        Self {
            reopen_window_seconds: life.reopen_window.num_seconds(),
            no_response_after_seconds: life.no_response_after.num_seconds(),
            close_after_resolve_seconds: life.close_after_resolve.num_seconds(),
        }
    }
}

/// What `projectSessionLifeUpdate` takes. Times that are null or left out stay as they are; each is from 0 to 31622400
/// seconds (366 days).
#[derive(InputObject)]
pub(crate) struct ProjectSessionLifeUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// How long after closing a customer's message opens the same session again, in seconds.
    reopen_window_seconds: Option<i64>,
    /// How long the customer may be silent after the agent's last message before the session closes, in seconds.
    no_response_after_seconds: Option<i64>,
    /// How long after it was resolved a session closes if nothing comes back, in seconds.
    close_after_resolve_seconds: Option<i64>,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectSessionLifeUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectSessionLifeUpdatePayload {
    /// The project as it is now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectSessionLifeUpdateError>,
}

user_error! {
    /// Why `projectSessionLifeUpdate` did nothing.
    ProjectSessionLifeUpdateError,
    /// The reasons of `projectSessionLifeUpdate` to do nothing.
    ProjectSessionLifeUpdateErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The project has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The number of seconds is below 0 or above 31622400.
        SecondsOutOfRange,
    }
}

#[derive(Default)]
pub(crate) struct ProjectSessionLifeUpdate;

#[Object]
impl ProjectSessionLifeUpdate {
    /// Changes how long the sessions of a project live. A longer time holds for the open sessions, too; a shorter one holds
    /// for them from the next message or resolution on. For supervisors and administrators of the project.
    async fn project_session_life_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and the times to change.")] input: ProjectSessionLifeUpdateInput,
    ) -> Result<ProjectSessionLifeUpdatePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(update(&view, &input)).await?;
        let project = project.map(|project| Project::new(Arc::new(project), &view));
        Ok(ProjectSessionLifeUpdatePayload { project, user_errors })
    }
}

async fn update(
    view: &View,
    input: &ProjectSessionLifeUpdateInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectSessionLifeUpdateError>> {
    use ProjectSessionLifeUpdateErrorCode as Code;
    let id = id::parse(&input.project_id)
        .map_err(|invalid| ProjectSessionLifeUpdateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let change = SessionLifeChange {
        reopen_window: time("reopenWindowSeconds", input.reopen_window_seconds)?,
        no_response_after: time("noResponseAfterSeconds", input.no_response_after_seconds)?,
        close_after_resolve: time("closeAfterResolveSeconds", input.close_after_resolve_seconds)?,
        expected_version: input.expected_version,
    };
    let changed = view.desk().project_session_life_update(view.actor(), id, change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn time(field: &'static str, seconds: Option<i64>) -> Result<Option<Duration>, ProjectSessionLifeUpdateError> {
    use ProjectSessionLifeUpdateErrorCode as Code;
    let time = seconds.map(domain::session::SessionLife::time).transpose();
    time.map_err(|refusal| ProjectSessionLifeUpdateError::new(Code::SecondsOutOfRange, Some(field), refusal))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectSessionLifeUpdateError> {
    use ProjectSessionLifeUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::NotALife(_) => (Code::SecondsOutOfRange, None),
    };
    let error = ProjectSessionLifeUpdateError::new(code, field, &refusal);
    let current = match refusal {
        Refusal::VersionConflict(project) => Some(*project),
        _ => None,
    };
    Stop::Refused { error, current }
}
