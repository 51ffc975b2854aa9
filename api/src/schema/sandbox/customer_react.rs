//! A simulated customer reacts to a message.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{MessageRefusal, SandboxReactRefusal as Refusal};

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxCustomerReact` takes.
#[derive(InputObject)]
pub(crate) struct SandboxCustomerReactInput {
    /// The global id of a message in the chat of a simulated customer, by whomever it is.
    message_id: ID,
    /// What the customer thinks of it now, in place of what they thought before: at most 3 different emoji. Empty: nothing
    /// any more.
    emoji: Vec<String>,
}

/// What came of `sandboxCustomerReact`.
#[derive(SimpleObject)]
pub(crate) struct SandboxCustomerReactPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was done.
    update_id: Option<String>,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxCustomerReactError>,
}

user_error! {
    /// Why `sandboxCustomerReact` did nothing.
    SandboxCustomerReactError,
    /// The reasons of `sandboxCustomerReact` to do nothing.
    SandboxCustomerReactErrorCode {
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
        /// These are too many, or no emoji, or one is there twice.
        EmojiMalformed,
    }
}

#[derive(Default)]
pub(crate) struct SandboxCustomerReact;

#[Object]
impl SandboxCustomerReact {
    /// Has a simulated customer say by emoji what they think of a message.
    async fn sandbox_customer_react(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the customer thinks of which message.")] input: SandboxCustomerReactInput,
    ) -> Result<SandboxCustomerReactPayload> {
        let view = View::fresh(context).await?;
        let (update_id, user_errors) = settled(react(&view, &input)).await?;
        Ok(SandboxCustomerReactPayload { update_id: update_id.map(|id| id.to_string()), user_errors })
    }
}

async fn react(
    view: &View,
    input: &SandboxCustomerReactInput,
) -> std::result::Result<i64, Stop<i64, SandboxCustomerReactError>> {
    let message_id = id::parse(&input.message_id).map_err(|invalid| {
        SandboxCustomerReactError::new(SandboxCustomerReactErrorCode::InvalidId, Some("messageId"), invalid)
    })?;
    let reacted = view.desk().sandbox_customer_react(view.actor(), message_id, &input.emoji).await;
    reacted.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<i64, SandboxCustomerReactError> {
    use SandboxCustomerReactErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Message(MessageRefusal::NotFound) => (Code::MessageNotFound, Some("messageId")),
        Refusal::Message(MessageRefusal::NotASandbox) => (Code::NotASandbox, Some("messageId")),
        Refusal::Message(MessageRefusal::NotDelivered) => (Code::NotDelivered, Some("messageId")),
        Refusal::Message(MessageRefusal::Deleted) => (Code::MessageDeleted, Some("messageId")),
        Refusal::Emoji => (Code::EmojiMalformed, Some("emoji")),
    };
    SandboxCustomerReactError::new(code, field, refusal).into()
}
