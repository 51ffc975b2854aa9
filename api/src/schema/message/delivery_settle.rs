//! What agents make of messages that were not delivered, as far as is known.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use desk::message::{DeliverySettleRefusal as Refusal, MessageRefusal};
use domain::session::ReplyRefusal;

use super::Message;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What you make of a message whose delivery failed or is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "desk::message::Resolution")]
pub(crate) enum MessageDeliveryResolution {
    /// Send it once more. If its fate was unknown, the customer may read it twice.
    Retry,
    /// The customer has it.
    Delivered,
}

/// What `messageDeliverySettle` takes.
#[derive(InputObject)]
pub(crate) struct MessageDeliverySettleInput {
    /// The global id of the message.
    message_id: ID,
    /// What you make of it.
    resolution: MessageDeliveryResolution,
}

/// What came of `messageDeliverySettle`.
#[derive(SimpleObject)]
pub(crate) struct MessageDeliverySettlePayload {
    /// The message as it is now. Null if it was left as it is.
    message: Option<Message>,
    /// Why the message was left as it is. Empty if all went well.
    user_errors: Vec<MessageDeliverySettleError>,
}

user_error! {
    /// Why `messageDeliverySettle` left the message as it is.
    MessageDeliverySettleError,
    /// The reasons of `messageDeliverySettle` to leave the message as it is.
    MessageDeliverySettleErrorCode {
        /// This is not the id of a message.
        InvalidId,
        /// There is no such message, or you may not see it.
        MessageNotFound,
        /// The session is closed: open it again first.
        SessionClosed,
        /// Another agent answers in this session.
        NotActiveReplier,
        /// The desk has not sent this message.
        NotOwnMessage,
        /// The message was deleted.
        MessageDeleted,
        /// The message is still on its way.
        OnItsWay,
        /// The message was delivered.
        AlreadyDelivered,
    }
}

#[derive(Default)]
pub(crate) struct MessageDeliverySettle;

#[Object]
impl MessageDeliverySettle {
    /// Settles the delivery of a message that is `UNKNOWN` or `FAILED` (`Project.undeliveredMessages`): it is sent once
    /// more, or noted as delivered. The items of an album are settled together. For the assignee; while nobody has the
    /// session, for everybody who sees it. Supervisors may note it as delivered; to ask for the same again changes nothing.
    async fn message_delivery_settle(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message and what to make of it.")] input: MessageDeliverySettleInput,
    ) -> Result<MessageDeliverySettlePayload> {
        let view = View::fresh(context).await?;
        let (message, user_errors) = settled(resolve(&view, &input)).await?;
        Ok(MessageDeliverySettlePayload {
            message: message.map(|message| Message::new(Arc::new(message), &view)),
            user_errors,
        })
    }
}

async fn resolve(
    view: &View,
    input: &MessageDeliverySettleInput,
) -> Result<domain::Message, Stop<domain::Message, MessageDeliverySettleError>> {
    use MessageDeliverySettleErrorCode as Code;
    let id = id::parse(&input.message_id)
        .map_err(|invalid| MessageDeliverySettleError::new(Code::InvalidId, Some("messageId"), invalid))?;
    let settled = view.desk().message_delivery_settle(view.actor(), id, input.resolution.into()).await;
    settled.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Message, MessageDeliverySettleError> {
    use MessageDeliverySettleErrorCode as Code;
    let code = match refusal {
        Refusal::Message(MessageRefusal::NotFound) => Code::MessageNotFound,
        Refusal::Message(MessageRefusal::Replier(ReplyRefusal::Closed)) => Code::SessionClosed,
        Refusal::Message(MessageRefusal::Replier(ReplyRefusal::NotActiveReplier)) => Code::NotActiveReplier,
        Refusal::Message(MessageRefusal::NotOwn) => Code::NotOwnMessage,
        Refusal::Message(MessageRefusal::Deleted) => Code::MessageDeleted,
        Refusal::OnItsWay => Code::OnItsWay,
        Refusal::Delivered => Code::AlreadyDelivered,
        Refusal::Message(_) => return Stop::unexpected(refusal),
    };
    MessageDeliverySettleError::new(code, Some("messageId"), refusal).into()
}
