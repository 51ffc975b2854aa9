//! Any update of the Bot API.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{PlaceRefusal, SandboxUpdateRefusal as Refusal};

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxUpdatePush` takes.
#[derive(InputObject)]
pub(crate) struct SandboxUpdatePushInput {
    /// The global id of the sandbox.
    project_id: ID,
    /// The update: a JSON object as `Update` in the documentation of the Bot API, without `update_id`, which the simulated
    /// Telegram gives it; at most 64 KB.
    json: String,
}

/// What came of `sandboxUpdatePush`.
#[derive(SimpleObject)]
pub(crate) struct SandboxUpdatePushPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was done.
    update_id: Option<String>,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxUpdatePushError>,
}

user_error! {
    /// Why `sandboxUpdatePush` did nothing.
    SandboxUpdatePushError,
    /// The reasons of `sandboxUpdatePush` to do nothing.
    SandboxUpdatePushErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The project is on Telegram.
        NotASandbox,
        /// The text is not a JSON object with something in it, or has an `update_id`.
        NotAnUpdate,
        /// The text is longer than 64 KB.
        TooLong,
    }
}

#[derive(Default)]
pub(crate) struct SandboxUpdatePush;

#[Object]
impl SandboxUpdatePush {
    /// Has the simulated Telegram tell the bot of a sandbox whatever you want it to: what no other mutation makes, such as
    /// what happens in groups, in business chats and in topics, or what is new in the Bot API. The README has examples.
    async fn sandbox_update_push(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the bot is told.")] input: SandboxUpdatePushInput,
    ) -> Result<SandboxUpdatePushPayload> {
        let view = View::fresh(context).await?;
        let (update_id, user_errors) = settled(push(&view, &input)).await?;
        Ok(SandboxUpdatePushPayload { update_id: update_id.map(|id| id.to_string()), user_errors })
    }
}

async fn push(
    view: &View,
    input: &SandboxUpdatePushInput,
) -> std::result::Result<i64, Stop<i64, SandboxUpdatePushError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        SandboxUpdatePushError::new(SandboxUpdatePushErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let pushed = view.desk().sandbox_update_push(view.actor(), project_id, &input.json).await;
    pushed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<i64, SandboxUpdatePushError> {
    use SandboxUpdatePushErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Place(PlaceRefusal::ProjectNotFound) => (Code::ProjectNotFound, "projectId"),
        Refusal::Place(PlaceRefusal::NotASandbox) => (Code::NotASandbox, "projectId"),
        Refusal::NotAnUpdate => (Code::NotAnUpdate, "json"),
        Refusal::TooLong => (Code::TooLong, "json"),
    };
    SandboxUpdatePushError::new(code, Some(field), refusal).into()
}
