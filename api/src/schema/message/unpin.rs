//! Taking the pin away from a message.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::message::MessageRefusal as Refusal;
use domain::session::ReplyRefusal;

use super::Message;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `messageUnpin` takes.
#[derive(InputObject)]
pub(crate) struct MessageUnpinInput {
    /// The global id of the message.
    message_id: ID,
}

/// What came of `messageUnpin`.
#[derive(SimpleObject)]
pub(crate) struct MessageUnpinPayload {
    /// The message, which is no longer pinned as soon as `changes` says so. Null if it was left as it is.
    message: Option<Message>,
    /// Why the message was left as it is. Empty if all went well.
    user_errors: Vec<MessageUnpinError>,
}

user_error! {
    /// Why `messageUnpin` left the message as it is.
    MessageUnpinError,
    /// The reasons of `messageUnpin` to leave the message as it is.
    MessageUnpinErrorCode {
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
pub(crate) struct MessageUnpin;

#[Object]
impl MessageUnpin {
    /// Takes the pin away from a message. For the assignee; while nobody has the session, for everybody who sees it. To do it
    /// again changes nothing.
    async fn message_unpin(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message.")] input: MessageUnpinInput,
    ) -> Result<MessageUnpinPayload> {
        let view = View::fresh(context).await?;
        let (message, user_errors) = settled(unpin(&view, &input)).await?;
        Ok(MessageUnpinPayload { message: message.map(|message| Message::new(Arc::new(message), &view)), user_errors })
    }
}

async fn unpin(
    view: &View,
    input: &MessageUnpinInput,
) -> Result<domain::Message, Stop<domain::Message, MessageUnpinError>> {
    use MessageUnpinErrorCode as Code;
    let id = id::parse(&input.message_id)
        .map_err(|invalid| MessageUnpinError::new(Code::InvalidId, Some("messageId"), invalid))?;
    let changed = view.desk().message_pin(view.actor(), id, false).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Message, MessageUnpinError> {
    use MessageUnpinErrorCode as Code;
    let code = match refusal {
        Refusal::NotFound => Code::MessageNotFound,
        Refusal::Replier(ReplyRefusal::Closed) => Code::SessionClosed,
        Refusal::Replier(ReplyRefusal::NotActiveReplier) => Code::NotActiveReplier,
        Refusal::NotOwn => return Stop::unexpected(refusal),
        Refusal::Deleted => Code::MessageDeleted,
        Refusal::NotDelivered | Refusal::UnknownDelivery | Refusal::NumberUnknown => Code::NotDelivered,
    };
    MessageUnpinError::new(code, Some("messageId"), refusal).into()
}
