//! A simulated customer lets the bot in again.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{PlaceRefusal, SandboxBlockRefusal as Refusal};

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxCustomerUnblock` takes.
#[derive(InputObject)]
pub(crate) struct SandboxCustomerUnblockInput {
    /// The global id of the sandbox.
    project_id: ID,
    /// The number of the simulated user, in decimal digits, from 1 to 4503599627370495.
    telegram_user_id: String,
}

/// What came of `sandboxCustomerUnblock`.
#[derive(SimpleObject)]
pub(crate) struct SandboxCustomerUnblockPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was done,
    /// also since it is so already.
    update_id: Option<String>,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxCustomerUnblockError>,
}

user_error! {
    /// Why `sandboxCustomerUnblock` did nothing.
    SandboxCustomerUnblockError,
    /// The reasons of `sandboxCustomerUnblock` to do nothing.
    SandboxCustomerUnblockErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The project is on Telegram.
        NotASandbox,
        /// The number of the user is not one that Telegram could give.
        TelegramUserIdMalformed,
    }
}

#[derive(Default)]
pub(crate) struct SandboxCustomerUnblock;

#[Object]
impl SandboxCustomerUnblock {
    /// Has a simulated customer let the bot of a sandbox in again.
    async fn sandbox_customer_unblock(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who does it.")] input: SandboxCustomerUnblockInput,
    ) -> Result<SandboxCustomerUnblockPayload> {
        let view = View::fresh(context).await?;
        let (update_id, user_errors) = settled(unblock(&view, &input)).await?;
        Ok(SandboxCustomerUnblockPayload { update_id: update_id.flatten().map(|id| id.to_string()), user_errors })
    }
}

async fn unblock(
    view: &View,
    input: &SandboxCustomerUnblockInput,
) -> std::result::Result<Option<i64>, Stop<Option<i64>, SandboxCustomerUnblockError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        SandboxCustomerUnblockError::new(SandboxCustomerUnblockErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    // What is no number is refused by the use case like a number that is no user's.
    let user = input.telegram_user_id.parse().unwrap_or_default();
    let done = view.desk().sandbox_customer_block(view.actor(), project_id, user, false).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Option<i64>, SandboxCustomerUnblockError> {
    use SandboxCustomerUnblockErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Place(PlaceRefusal::ProjectNotFound) => (Code::ProjectNotFound, "projectId"),
        Refusal::Place(PlaceRefusal::NotASandbox) => (Code::NotASandbox, "projectId"),
        Refusal::Customer(_) => (Code::TelegramUserIdMalformed, "telegramUserId"),
    };
    SandboxCustomerUnblockError::new(code, Some(field), refusal).into()
}
