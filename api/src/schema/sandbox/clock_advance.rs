//! Moving the clock of a sandbox.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::SandboxClockRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxClockAdvance` takes.
#[derive(InputObject)]
pub(crate) struct SandboxClockAdvanceInput {
    /// The global id of the sandbox.
    project_id: ID,
    /// How far to move the clock forward, in seconds, from 1 to 31622400 (366 days).
    seconds: i64,
}

/// What came of `sandboxClockAdvance`.
#[derive(SimpleObject)]
pub(crate) struct SandboxClockAdvancePayload {
    /// The sandbox with its clock moved. Null if it was left as it is.
    project: Option<Project>,
    /// Why the clock was left as it is. Empty if all went well.
    user_errors: Vec<SandboxClockAdvanceError>,
}

user_error! {
    /// Why `sandboxClockAdvance` left the clock as it is.
    SandboxClockAdvanceError,
    /// The reasons of `sandboxClockAdvance` to leave the clock as it is.
    SandboxClockAdvanceErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The project is on Telegram: its clock is the real one.
        NotASandbox,
        /// You are an agent of the project and not a supervisor.
        NotSupervisor,
        /// The number of seconds is below 1 or above 31622400.
        SecondsOutOfRange,
        /// The clock would be ahead of the present time by more than a hundred years.
        TooFarAhead,
    }
}

#[derive(Default)]
pub(crate) struct SandboxClockAdvance;

#[Object]
impl SandboxClockAdvance {
    /// Moves the clock of a sandbox forward. What becomes due by that, such as closing silent sessions, happens within
    /// moments. For supervisors and administrators of the project.
    async fn sandbox_clock_advance(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The sandbox, and how far to move its clock.")] input: SandboxClockAdvanceInput,
    ) -> Result<SandboxClockAdvancePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(advance(&view, &input)).await?;
        let project = project.map(|project| Project::new(Arc::new(project), &view));
        Ok(SandboxClockAdvancePayload { project, user_errors })
    }
}

async fn advance(
    view: &View,
    input: &SandboxClockAdvanceInput,
) -> Result<domain::Project, Stop<domain::Project, SandboxClockAdvanceError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        SandboxClockAdvanceError::new(SandboxClockAdvanceErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let advanced = view.desk().sandbox_clock_advance(view.actor(), project_id, input.seconds).await;
    advanced.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, SandboxClockAdvanceError> {
    use SandboxClockAdvanceErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::ProjectNotFound => (Code::ProjectNotFound, "projectId"),
        Refusal::NotASandbox => (Code::NotASandbox, "projectId"),
        Refusal::NotSupervisor => (Code::NotSupervisor, "projectId"),
        Refusal::Seconds => (Code::SecondsOutOfRange, "seconds"),
        Refusal::TooFarAhead => (Code::TooFarAhead, "seconds"),
    };
    SandboxClockAdvanceError::new(code, Some(field), refusal).into()
}
