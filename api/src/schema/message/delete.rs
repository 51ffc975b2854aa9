//! Taking a message away.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::message::MessageRefusal as Refusal;
use domain::session::ReplyRefusal;

use super::Message;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `messageDelete` takes.
#[derive(InputObject)]
pub(crate) struct MessageDeleteInput {
    /// The global id of the message.
    message_id: ID,
}

/// What came of `messageDelete`.
#[derive(SimpleObject)]
pub(crate) struct MessageDeletePayload {
    /// The message, which is gone from the chat as soon as `changes` says so. Null if it was left as it is.
    message: Option<Message>,
    /// Why the message was left as it is. Empty if all went well.
    user_errors: Vec<MessageDeleteError>,
}

user_error! {
    /// Why `messageDelete` left the message as it is.
    MessageDeleteError,
    /// The reasons of `messageDelete` to leave the message as it is.
    MessageDeleteErrorCode {
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
        /// The message was not delivered, or nobody can tell whether it was: settle that first by
        /// `messageDeliverySettle`.
        NotDelivered,
    }
}

#[derive(Default)]
pub(crate) struct MessageDelete;

#[Object]
impl MessageDelete {
    /// Deletes a message that the desk has sent, in the chat of the customer; one that still waits to be sent is not sent.
    /// What the desk knows of it stays, with `deletedAt`. Telegram lets bots delete for 48 hours. Only the assignee and
    /// supervisors may do so; to delete it again changes nothing.
    async fn message_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message.")] input: MessageDeleteInput,
    ) -> Result<MessageDeletePayload> {
        let view = View::fresh(context).await?;
        let (message, user_errors) = settled(delete(&view, &input)).await?;
        Ok(MessageDeletePayload { message: message.map(|message| Message::new(Arc::new(message), &view)), user_errors })
    }
}

async fn delete(
    view: &View,
    input: &MessageDeleteInput,
) -> Result<domain::Message, Stop<domain::Message, MessageDeleteError>> {
    use MessageDeleteErrorCode as Code;
    let id = id::parse(&input.message_id)
        .map_err(|invalid| MessageDeleteError::new(Code::InvalidId, Some("messageId"), invalid))?;
    let changed = view.desk().message_delete(view.actor(), id).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Message, MessageDeleteError> {
    use MessageDeleteErrorCode as Code;
    let code = match refusal {
        Refusal::NotFound => Code::MessageNotFound,
        Refusal::Replier(ReplyRefusal::Closed) => Code::SessionClosed,
        Refusal::Replier(ReplyRefusal::NotActiveReplier) => Code::NotActiveReplier,
        Refusal::NotOwn => Code::NotOwnMessage,
        Refusal::Deleted => return Stop::unexpected(refusal),
        Refusal::NotDelivered | Refusal::UnknownDelivery | Refusal::NumberUnknown => Code::NotDelivered,
    };
    MessageDeleteError::new(code, Some("messageId"), refusal).into()
}
