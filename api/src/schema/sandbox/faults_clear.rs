//! Taking the faults of a sandbox away.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::PlaceRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxFaultsClear` takes.
#[derive(InputObject)]
pub(crate) struct SandboxFaultsClearInput {
    /// The global id of the sandbox.
    project_id: ID,
}

/// What came of `sandboxFaultsClear`.
#[derive(SimpleObject)]
pub(crate) struct SandboxFaultsClearPayload {
    /// How many faults waited. Null if nothing was done.
    cleared_count: Option<usize>,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxFaultsClearError>,
}

user_error! {
    /// Why `sandboxFaultsClear` did nothing.
    SandboxFaultsClearError,
    /// The reasons of `sandboxFaultsClear` to do nothing.
    SandboxFaultsClearErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The project is on Telegram.
        NotASandbox,
    }
}

#[derive(Default)]
pub(crate) struct SandboxFaultsClear;

#[Object]
impl SandboxFaultsClear {
    /// Takes every fault of a sandbox away that `sandboxFaultInject` has arranged.
    async fn sandbox_faults_clear(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The sandbox.")] input: SandboxFaultsClearInput,
    ) -> Result<SandboxFaultsClearPayload> {
        let view = View::fresh(context).await?;
        let (cleared_count, user_errors) = settled(clear(&view, &input)).await?;
        Ok(SandboxFaultsClearPayload { cleared_count, user_errors })
    }
}

async fn clear(
    view: &View,
    input: &SandboxFaultsClearInput,
) -> std::result::Result<usize, Stop<usize, SandboxFaultsClearError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        SandboxFaultsClearError::new(SandboxFaultsClearErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let cleared = view.desk().sandbox_faults_clear(view.actor(), project_id).await;
    cleared.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<usize, SandboxFaultsClearError> {
    use SandboxFaultsClearErrorCode as Code;
    let code = match refusal {
        Refusal::ProjectNotFound => Code::ProjectNotFound,
        Refusal::NotASandbox => Code::NotASandbox,
    };
    SandboxFaultsClearError::new(code, Some("projectId"), refusal).into()
}
