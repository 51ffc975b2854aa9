//! A simulated customer blocks the bot.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{PlaceRefusal, SandboxBlockRefusal as Refusal};

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxCustomerBlock` takes.
#[derive(InputObject)]
pub(crate) struct SandboxCustomerBlockInput {
    /// The global id of the sandbox.
    project_id: ID,
    /// The number of the simulated user, in decimal digits, from 1 to 4503599627370495.
    telegram_user_id: String,
}

/// What came of `sandboxCustomerBlock`.
#[derive(SimpleObject)]
pub(crate) struct SandboxCustomerBlockPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was done,
    /// also since it is so already.
    update_id: Option<String>,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxCustomerBlockError>,
}

user_error! {
    /// Why `sandboxCustomerBlock` did nothing.
    SandboxCustomerBlockError,
    /// The reasons of `sandboxCustomerBlock` to do nothing.
    SandboxCustomerBlockErrorCode {
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
pub(crate) struct SandboxCustomerBlock;

#[Object]
impl SandboxCustomerBlock {
    /// Has a simulated customer block the bot of a sandbox. The bot is told a moment later; what it sends to the customer
    /// is refused at once.
    async fn sandbox_customer_block(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who does it.")] input: SandboxCustomerBlockInput,
    ) -> Result<SandboxCustomerBlockPayload> {
        let view = View::fresh(context).await?;
        let (update_id, user_errors) = settled(block(&view, &input)).await?;
        Ok(SandboxCustomerBlockPayload { update_id: update_id.flatten().map(|id| id.to_string()), user_errors })
    }
}

async fn block(
    view: &View,
    input: &SandboxCustomerBlockInput,
) -> std::result::Result<Option<i64>, Stop<Option<i64>, SandboxCustomerBlockError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        SandboxCustomerBlockError::new(SandboxCustomerBlockErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    // What is no number is refused by the use case like a number that is no user's.
    let user = input.telegram_user_id.parse().unwrap_or_default();
    let done = view.desk().sandbox_customer_block(view.actor(), project_id, user, true).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Option<i64>, SandboxCustomerBlockError> {
    use SandboxCustomerBlockErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Place(PlaceRefusal::ProjectNotFound) => (Code::ProjectNotFound, "projectId"),
        Refusal::Place(PlaceRefusal::NotASandbox) => (Code::NotASandbox, "projectId"),
        Refusal::Customer(_) => (Code::TelegramUserIdMalformed, "telegramUserId"),
    };
    SandboxCustomerBlockError::new(code, Some(field), refusal).into()
}
