//! Taking back a message that is to be sent later.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::scheduled::ScheduledMessageCancelRefusal as Refusal;

use super::ScheduledMessage;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `scheduledMessageCancel` takes.
#[derive(InputObject)]
pub(crate) struct ScheduledMessageCancelInput {
    /// The global id of the message.
    scheduled_message_id: ID,
}

/// What came of `scheduledMessageCancel`.
#[derive(SimpleObject)]
pub(crate) struct ScheduledMessageCancelPayload {
    /// The message as it is now. Null if it was left as it is.
    scheduled_message: Option<ScheduledMessage>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ScheduledMessageCancelError>,
}

user_error! {
    /// Why `scheduledMessageCancel` did nothing.
    ScheduledMessageCancelError,
    /// The reasons of `scheduledMessageCancel` to do nothing.
    ScheduledMessageCancelErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such message, or its session does not go on for you.
        ScheduledMessageNotFound,
        /// Somebody else wrote the message, you do not answer in the session, and you are not a supervisor.
        NotAuthor,
        /// The message went out, was cancelled, or could not go out.
        NotWaiting,
    }
}

#[derive(Default)]
pub(crate) struct ScheduledMessageCancel;

#[Object]
impl ScheduledMessageCancel {
    /// Takes back a message that waits: its writer, whoever answers in the session, and supervisors.
    async fn scheduled_message_cancel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message.")] input: ScheduledMessageCancelInput,
    ) -> Result<ScheduledMessageCancelPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(ScheduledMessageCancelPayload {
            scheduled_message: done.map(|done| ScheduledMessage::new(Arc::new(done), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: ScheduledMessageCancelInput,
) -> Result<domain::ScheduledMessage, Stop<domain::ScheduledMessage, ScheduledMessageCancelError>> {
    use ScheduledMessageCancelErrorCode as Code;
    let invalid = |field| move |invalid| ScheduledMessageCancelError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.scheduled_message_id).map_err(invalid("scheduledMessageId"))?;
    let cancelled = view.desk().scheduled_message_cancel(view.actor(), id).await;
    cancelled.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::ScheduledMessage, ScheduledMessageCancelError> {
    use ScheduledMessageCancelErrorCode as Code;
    let code = match refusal {
        Refusal::NotFound => Code::ScheduledMessageNotFound,
        Refusal::NotAuthor => Code::NotAuthor,
        Refusal::NotWaiting => Code::NotWaiting,
    };
    ScheduledMessageCancelError::new(code, Some("scheduledMessageId"), refusal).into()
}
