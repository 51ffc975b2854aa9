//! A simulated customer writes.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{NewSandboxMessage, SandboxSendRefusal as Refusal};
use domain::text::TextRefusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::View;

/// What `sandboxCustomerSend` takes.
#[derive(InputObject)]
pub(crate) struct SandboxCustomerSendInput {
    /// The global id of the sandbox.
    project_id: ID,
    /// The number of the simulated user, in decimal digits, from 1 to 4503599627370495. The same number is the same
    /// customer.
    telegram_user_id: String,
    /// The name of the simulated user, 1 to 64 characters. `Sandbox customer` with their number if null or left out.
    name: Option<String>,
    /// The text: 1 to 4096 UTF-16 code units with at least one visible character.
    text: String,
}

/// What came of `sandboxCustomerSend`.
#[derive(SimpleObject)]
pub(crate) struct SandboxCustomerSendPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was
    /// written.
    update_id: Option<String>,
    /// Why nothing was written. Empty if all went well.
    user_errors: Vec<SandboxCustomerSendError>,
}

user_error! {
    /// Why `sandboxCustomerSend` wrote nothing.
    SandboxCustomerSendError,
    /// The reasons of `sandboxCustomerSend` to write nothing.
    SandboxCustomerSendErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The project is on Telegram.
        NotASandbox,
        /// The number of the user is not one that Telegram could give.
        TelegramUserIdMalformed,
        /// The name is empty or longer than 64 characters.
        NameMalformed,
        /// The text has no visible character.
        TextEmpty,
        /// The text is longer than Telegram takes.
        TextTooLong,
    }
}

#[derive(Default)]
pub(crate) struct SandboxCustomerSend;

#[Object]
impl SandboxCustomerSend {
    /// Has a simulated customer write to the bot of a sandbox. The message is stored before this returns and reaches its
    /// session a moment later, as it would from Telegram.
    async fn sandbox_customer_send(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who writes what.")] input: SandboxCustomerSendInput,
    ) -> Result<SandboxCustomerSendPayload> {
        let view = View::fresh(context).await?;
        let (update_id, user_errors) = settle(send(&view, input).await)?;
        Ok(SandboxCustomerSendPayload { update_id: update_id.map(|id| id.to_string()), user_errors })
    }
}

async fn send(view: &View, input: SandboxCustomerSendInput) -> Result<i64, Stop<i64, SandboxCustomerSendError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        SandboxCustomerSendError::new(SandboxCustomerSendErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let new = NewSandboxMessage {
        project_id,
        // What is no number is refused by the use case like a number that is no user's.
        telegram_user_id: input.telegram_user_id.parse().unwrap_or_default(),
        name: input.name.unwrap_or_else(|| format!("Sandbox customer {}", input.telegram_user_id)),
        text: input.text,
    };
    let sent = view.desk().sandbox_customer_send(view.actor(), &new).await;
    sent.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<i64, SandboxCustomerSendError> {
    use SandboxCustomerSendErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::ProjectNotFound => (Code::ProjectNotFound, "projectId"),
        Refusal::NotASandbox => (Code::NotASandbox, "projectId"),
        Refusal::TelegramUserId => (Code::TelegramUserIdMalformed, "telegramUserId"),
        Refusal::Name => (Code::NameMalformed, "name"),
        Refusal::Text(TextRefusal::Empty) => (Code::TextEmpty, "text"),
        Refusal::Text(TextRefusal::TooLong { .. }) => (Code::TextTooLong, "text"),
    };
    SandboxCustomerSendError::new(code, Some(field), refusal).into()
}
