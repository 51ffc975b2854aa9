//! Arranging for calls of a simulated bot to go wrong.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{FaultKind, FaultRefusal as Refusal, NewSandboxFault, PlaceRefusal};

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxFaultInject` takes.
#[derive(InputObject)]
pub(crate) struct SandboxFaultInjectInput {
    /// The global id of the sandbox.
    project_id: ID,
    /// How the calls go wrong.
    kind: SandboxFaultKind,
    /// For `DELAY`: how much later the answer comes, in milliseconds, from 1 to 60000. Null or left out with the others.
    delay_milliseconds: Option<i32>,
    /// For `REFUSE`: the code of the error, 400 or 403. Null or left out with the others.
    error_code: Option<i32>,
    /// For `REFUSE`: what Telegram says, 1 to 256 characters, such as `Bad Request: chat not found`. Null or left out: that
    /// it refuses on request.
    description: Option<String>,
    /// For `FLOOD`: how long the bot is to wait, in seconds, from 1 to 86400. Null or left out with the others.
    retry_after_seconds: Option<i32>,
    /// The method of the Bot API that goes wrong, such as `sendMessage`. Null or left out: every method but those by which
    /// the bot asks for updates.
    method: Option<String>,
    /// The number of the Telegram chat in which it goes wrong, in decimal digits. Null or left out: all chats.
    telegram_chat_id: Option<String>,
    /// How many calls go wrong, from 1 to 1000000. Null or left out: all, until `sandboxFaultsClear`.
    count: Option<i32>,
}

/// What came of `sandboxFaultInject`.
#[derive(SimpleObject)]
pub(crate) struct SandboxFaultInjectPayload {
    /// Whether it is arranged.
    arranged: bool,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxFaultInjectError>,
}

user_error! {
    /// Why `sandboxFaultInject` did nothing.
    SandboxFaultInjectError,
    /// The reasons of `sandboxFaultInject` to do nothing.
    SandboxFaultInjectErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The project is on Telegram.
        NotASandbox,
        /// A field that the kind needs is not given, or one that it does not have is.
        FieldsMismatch,
        /// The delay is below 1 or above 60000.
        DelayOutOfRange,
        /// The code is neither 400 nor 403.
        ErrorCodeUnknown,
        /// The description is empty or longer than 256 characters.
        DescriptionMalformed,
        /// The wait is below 1 or above 86400 seconds.
        RetryAfterOutOfRange,
        /// This is no method of the Bot API.
        MethodMalformed,
        /// This is not the number of a chat.
        TelegramChatIdMalformed,
        /// The count is below 1 or above 1000000.
        CountOutOfRange,
        /// There are a hundred faults already.
        TooManyFaults,
    }
}

#[derive(Default)]
pub(crate) struct SandboxFaultInject;

#[Object]
impl SandboxFaultInject {
    /// Has calls of a simulated bot to Telegram go wrong from now on, in every process of the desk. Of several faults that
    /// strike a call the oldest does.
    async fn sandbox_fault_inject(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What goes wrong.")] input: SandboxFaultInjectInput,
    ) -> Result<SandboxFaultInjectPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(inject(&view, input)).await?;
        Ok(SandboxFaultInjectPayload { arranged: done.is_some(), user_errors })
    }
}

/// How a call of a simulated bot goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(remote = "FaultKind")]
pub(crate) enum SandboxFaultKind {
    /// It is carried out and answered, but late.
    Delay,
    /// It is not carried out: Telegram refuses it.
    Refuse,
    /// It is not carried out: the bot is to wait (429).
    Flood,
    /// It is carried out and the connection ends without an answer, so that nobody can tell.
    Vanish,
}

async fn inject(
    view: &View,
    input: SandboxFaultInjectInput,
) -> std::result::Result<(), Stop<(), SandboxFaultInjectError>> {
    use SandboxFaultInjectErrorCode as Code;
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        SandboxFaultInjectError::new(SandboxFaultInjectErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let chat_id = input.telegram_chat_id.as_deref().map(str::parse).transpose().map_err(|_| {
        let words = "`telegramChatId` is not a number: give the decimal digits of one";
        SandboxFaultInjectError::new(Code::TelegramChatIdMalformed, Some("telegramChatId"), words)
    })?;
    let new = NewSandboxFault {
        project_id,
        kind: input.kind.into(),
        delay_milliseconds: input.delay_milliseconds,
        error_code: input.error_code,
        description: input.description,
        retry_after_seconds: input.retry_after_seconds,
        method: input.method,
        chat_id,
        count: input.count,
    };
    let injected = view.desk().sandbox_fault_inject(view.actor(), &new).await;
    injected.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<(), SandboxFaultInjectError> {
    use SandboxFaultInjectErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Place(PlaceRefusal::ProjectNotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Place(PlaceRefusal::NotASandbox) => (Code::NotASandbox, Some("projectId")),
        Refusal::Fields => (Code::FieldsMismatch, None),
        Refusal::Delay => (Code::DelayOutOfRange, Some("delayMilliseconds")),
        Refusal::Code => (Code::ErrorCodeUnknown, Some("errorCode")),
        Refusal::Description => (Code::DescriptionMalformed, Some("description")),
        Refusal::RetryAfter => (Code::RetryAfterOutOfRange, Some("retryAfterSeconds")),
        Refusal::Method => (Code::MethodMalformed, Some("method")),
        Refusal::Count => (Code::CountOutOfRange, Some("count")),
        Refusal::TooMany => (Code::TooManyFaults, None),
    };
    SandboxFaultInjectError::new(code, field, refusal).into()
}
