//! Pinning a message.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::message::MessageRefusal as Refusal;
use domain::session::ReplyRefusal;

use super::Message;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `messagePin` takes.
#[derive(InputObject)]
pub(crate) struct MessagePinInput {
    /// The global id of the message.
    message_id: ID,
}

/// What came of `messagePin`.
#[derive(SimpleObject)]
pub(crate) struct MessagePinPayload {
    /// The message, which is pinned as soon as `changes` says so. Null if it was left as it is.
    message: Option<Message>,
    /// Why the message was left as it is. Empty if all went well.
    user_errors: Vec<MessagePinError>,
}

user_error! {
    /// Why `messagePin` left the message as it is.
    MessagePinError,
    /// The reasons of `messagePin` to leave the message as it is.
    MessagePinErrorCode {
        /// This is not the id of a message.
        InvalidId,
        /// There is no such message, or you may not see it.
        MessageNotFound,
        /// The session is closed: open it again first.
        SessionClosed,
        /// Another agent answers in this session.
        NotActiveReplier,
        /// The message was deleted, or is about to be.
        MessageDeleted,
        /// The message was not delivered, or nobody can tell whether it was: settle that first by
        /// `messageDeliverySettle`.
        NotDelivered,
    }
}

#[derive(Default)]
pub(crate) struct MessagePin;

#[Object]
impl MessagePin {
    /// Pins a message in the chat of the customer, whoever wrote it, without a notification. For the assignee; while nobody has
    /// the session, for everybody who sees it. To pin it again changes nothing.
    async fn message_pin(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message.")] input: MessagePinInput,
    ) -> Result<MessagePinPayload> {
        let view = View::fresh(context).await?;
        let (message, user_errors) = settled(pin(&view, &input)).await?;
        Ok(MessagePinPayload { message: message.map(|message| Message::new(Arc::new(message), &view)), user_errors })
    }
}

async fn pin(view: &View, input: &MessagePinInput) -> Result<domain::Message, Stop<domain::Message, MessagePinError>> {
    use MessagePinErrorCode as Code;
    let id = id::parse(&input.message_id)
        .map_err(|invalid| MessagePinError::new(Code::InvalidId, Some("messageId"), invalid))?;
    let changed = view.desk().message_pin(view.actor(), id, true).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Message, MessagePinError> {
    use MessagePinErrorCode as Code;
    let code = match refusal {
        Refusal::NotFound => Code::MessageNotFound,
        Refusal::Replier(ReplyRefusal::Closed) => Code::SessionClosed,
        Refusal::Replier(ReplyRefusal::NotActiveReplier) => Code::NotActiveReplier,
        Refusal::NotOwn => return Stop::unexpected(refusal),
        Refusal::Deleted => Code::MessageDeleted,
        Refusal::NotDelivered | Refusal::UnknownDelivery | Refusal::NumberUnknown => Code::NotDelivered,
    };
    MessagePinError::new(code, Some("messageId"), refusal).into()
}
