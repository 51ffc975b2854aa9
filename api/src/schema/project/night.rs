//! When it is night for the customers of a project.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::{NightChange, NightRefusal as Refusal, StandingRefusal};
use domain::night::{Night, time_of_day};

use super::Project;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// When it is night for customers, by the clocks where they are.
#[derive(SimpleObject)]
pub(crate) struct ProjectNight {
    /// The first minute of the night, such as `22:00`.
    starts: String,
    /// The first minute after the night, such as `08:00`. If it is the same as `starts`, there is no night.
    ends: String,
}

impl ProjectNight {
    pub(super) fn of(night: Night) -> Self {
        Self { starts: time_of_day(night.starts), ends: time_of_day(night.ends) }
    }
}

/// What `projectNightUpdate` takes. A time is given as hours and minutes, from `00:00` to `23:59`.
#[derive(InputObject)]
pub(crate) struct ProjectNightUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// The first minute of the night. Null or left out: it stays as it is.
    starts: Option<String>,
    /// The first minute after the night; the same as `starts` for no night. Null or left out: it stays as it is.
    ends: Option<String>,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectNightUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectNightUpdatePayload {
    /// The project as it is now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectNightUpdateError>,
}

user_error! {
    /// Why `projectNightUpdate` did nothing.
    ProjectNightUpdateError,
    /// The reasons of `projectNightUpdate` to do nothing.
    ProjectNightUpdateErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The project has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// It is no time of day.
        TimeInvalid,
    }
}

#[derive(Default)]
pub(crate) struct ProjectNightUpdate;

#[Object]
impl ProjectNightUpdate {
    /// Changes when it is night for the customers of a project. Who writes for the customer's night is warned in
    /// `warnings` of `messageSend`, `messageSchedule` and `scheduledMessageUpdate`. For supervisors and administrators of
    /// the project.
    async fn project_night_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and the hours to change.")] input: ProjectNightUpdateInput,
    ) -> Result<ProjectNightUpdatePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(update(&view, input)).await?;
        let project = project.map(|project| Project::new(Arc::new(project), &view));
        Ok(ProjectNightUpdatePayload { project, user_errors })
    }
}

async fn update(
    view: &View,
    input: ProjectNightUpdateInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectNightUpdateError>> {
    use ProjectNightUpdateErrorCode as Code;
    let id = id::parse(&input.project_id)
        .map_err(|invalid| ProjectNightUpdateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let ProjectNightUpdateInput { starts, ends, expected_version, .. } = input;
    let change = NightChange { starts, ends, expected_version };
    let changed = view.desk().project_night_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectNightUpdateError> {
    use ProjectNightUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Starts(_) => (Code::TimeInvalid, Some("starts")),
        Refusal::Ends(_) => (Code::TimeInvalid, Some("ends")),
    };
    let error = ProjectNightUpdateError::new(code, field, &refusal);
    let current = match refusal {
        Refusal::VersionConflict(project) => Some(*project),
        _ => None,
    };
    Stop::Refused { error, current }
}
