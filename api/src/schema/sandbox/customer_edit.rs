//! A simulated customer changes what they wrote.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{MessageRefusal, SandboxEditRefusal as Refusal};
use domain::text::TextRefusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxCustomerEdit` takes.
#[derive(InputObject)]
pub(crate) struct SandboxCustomerEditInput {
    /// The global id of a message that a simulated customer wrote.
    message_id: ID,
    /// The new text, or the new caption of a file, which may be empty.
    text: String,
}

/// What came of `sandboxCustomerEdit`.
#[derive(SimpleObject)]
pub(crate) struct SandboxCustomerEditPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was done.
    update_id: Option<String>,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxCustomerEditError>,
}

user_error! {
    /// Why `sandboxCustomerEdit` did nothing.
    SandboxCustomerEditError,
    /// The reasons of `sandboxCustomerEdit` to do nothing.
    SandboxCustomerEditErrorCode {
        /// This is not the id of a message.
        InvalidId,
        /// There is no such message, or you may not see it.
        MessageNotFound,
        /// The project is on Telegram.
        NotASandbox,
        /// The simulated Telegram does not have the message yet.
        NotDelivered,
        /// The message was deleted.
        MessageDeleted,
        /// The desk wrote the message.
        NotTheirs,
        /// The message has neither a text nor a caption.
        NoText,
        /// The text has no visible character.
        TextEmpty,
        /// The text is longer than Telegram takes.
        TextTooLong,
    }
}

#[derive(Default)]
pub(crate) struct SandboxCustomerEdit;

#[Object]
impl SandboxCustomerEdit {
    /// Has a simulated customer change the text or the caption of a message of theirs. The change reaches the session a
    /// moment later, as it would from Telegram.
    async fn sandbox_customer_edit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which message gets which text.")] input: SandboxCustomerEditInput,
    ) -> Result<SandboxCustomerEditPayload> {
        let view = View::fresh(context).await?;
        let (update_id, user_errors) = settled(edit(&view, &input)).await?;
        Ok(SandboxCustomerEditPayload { update_id: update_id.map(|id| id.to_string()), user_errors })
    }
}

async fn edit(
    view: &View,
    input: &SandboxCustomerEditInput,
) -> std::result::Result<i64, Stop<i64, SandboxCustomerEditError>> {
    let message_id = id::parse(&input.message_id).map_err(|invalid| {
        SandboxCustomerEditError::new(SandboxCustomerEditErrorCode::InvalidId, Some("messageId"), invalid)
    })?;
    let edited = view.desk().sandbox_customer_edit(view.actor(), message_id, &input.text).await;
    edited.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<i64, SandboxCustomerEditError> {
    use SandboxCustomerEditErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Message(MessageRefusal::NotFound) => (Code::MessageNotFound, Some("messageId")),
        Refusal::Message(MessageRefusal::NotASandbox) => (Code::NotASandbox, Some("messageId")),
        Refusal::Message(MessageRefusal::NotDelivered) => (Code::NotDelivered, Some("messageId")),
        Refusal::Message(MessageRefusal::Deleted) => (Code::MessageDeleted, Some("messageId")),
        Refusal::NotTheirs => (Code::NotTheirs, Some("messageId")),
        Refusal::NoText => (Code::NoText, Some("messageId")),
        Refusal::Text(TextRefusal::Empty) => (Code::TextEmpty, Some("text")),
        Refusal::Text(_) => (Code::TextTooLong, Some("text")),
    };
    SandboxCustomerEditError::new(code, field, refusal).into()
}
