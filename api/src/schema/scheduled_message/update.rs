//! Changing a message that is to be sent later.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::message::MessageSendRefusal as Send;
use desk::scheduled::{NotASendTime, ScheduledMessageChange, ScheduledMessageUpdateRefusal as Refusal};
use domain::text::TextRefusal;

use super::ScheduledMessage;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::message::{MessageEntityInput, MessageSendWarning, entities, item, place_of};
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `scheduledMessageUpdate` takes.
#[derive(InputObject)]
pub(crate) struct ScheduledMessageUpdateInput {
    /// The global id of the message.
    scheduled_message_id: ID,
    /// The text, with `entities` as its whole formatting. Null or left out: text and formatting stay as they are.
    text: Option<String>,
    /// The formatting of the new text. Null or left out: none.
    entities: Option<Vec<MessageEntityInput>>,
    /// When to send it, on the project's clock. Null or left out: it stays as it is.
    send_at: Option<DateTime>,
    /// Whether it stays here if the customer writes before that. Null or left out: it stays as it is.
    cancel_on_reply: Option<bool>,
    /// The version that you have seen. If given and the message has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `scheduledMessageUpdate`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ScheduledMessageUpdatePayload {
    /// The message as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    scheduled_message: Option<ScheduledMessage>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ScheduledMessageUpdateError>,
    /// The message that was changed, with who did it.
    #[graphql(skip)]
    done: Option<(Arc<domain::ScheduledMessage>, View)>,
}

#[ComplexObject]
impl ScheduledMessageUpdatePayload {
    /// What the agent should know about the time of the message as it is now. It was changed all the same.
    async fn warnings(&self) -> Vec<MessageSendWarning> {
        let Some((message, view)) = &self.done else { return Vec::new() };
        MessageSendWarning::of_scheduled(view.desk().night_of_scheduled(view.actor(), message).await)
    }
}

user_error! {
    /// Why `scheduledMessageUpdate` did nothing.
    ScheduledMessageUpdateError,
    /// The reasons of `scheduledMessageUpdate` to do nothing.
    ScheduledMessageUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such message, or its session does not go on for you.
        ScheduledMessageNotFound,
        /// Somebody else wrote the message.
        NotAuthor,
        /// The message went out, was cancelled, or could not go out.
        NotWaiting,
        /// The message has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The text has no visible character, and there is no file.
        TextEmpty,
        /// The text would become more messages than go out at once.
        TextTooLong,
        /// The formatting is one that Telegram would not take.
        EntitiesInvalid,
        /// The files are not ones that Telegram would take, or not together.
        MediaInvalid,
        /// The time to send at has passed.
        SendAtPast,
        /// The time to send at is more than 366 days ahead.
        SendAtTooFar,
    }
}

#[derive(Default)]
pub(crate) struct ScheduledMessageUpdate;

#[Object]
impl ScheduledMessageUpdate {
    /// Changes a message that waits and that you wrote. What the customer has written until now counts as no reply to
    /// it.
    async fn scheduled_message_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message and what is to change.")] input: ScheduledMessageUpdateInput,
    ) -> Result<ScheduledMessageUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        let now = done.map(Arc::new);
        Ok(ScheduledMessageUpdatePayload {
            scheduled_message: now.clone().map(|now| ScheduledMessage::new(now, &view)),
            // What was left as it is needs no warning.
            done: now.filter(|_| user_errors.is_empty()).map(|now| (now, view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: ScheduledMessageUpdateInput,
) -> Result<domain::ScheduledMessage, Stop<domain::ScheduledMessage, ScheduledMessageUpdateError>> {
    use ScheduledMessageUpdateErrorCode as Code;
    let invalid = |field| move |invalid| ScheduledMessageUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.scheduled_message_id).map_err(invalid("scheduledMessageId"))?;
    let entities = entities(input.entities)
        .map_err(|bad| ScheduledMessageUpdateError::at(Code::EntitiesInvalid, bad.place(), bad.message))?;
    let change = ScheduledMessageChange {
        wording: input.text.map(|text| (text, entities)),
        send_at: input.send_at.map(|time| time.0),
        cancel_on_reply: input.cancel_on_reply,
        expected_version: input.expected_version,
    };
    let changed = view.desk().scheduled_message_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::ScheduledMessage, ScheduledMessageUpdateError> {
    use ScheduledMessageUpdateErrorCode as Code;
    let field = |name: &str| vec![name.to_owned()];
    let (code, place) = match &refusal {
        Refusal::NotFound => (Code::ScheduledMessageNotFound, field("scheduledMessageId")),
        Refusal::NotAuthor => (Code::NotAuthor, field("scheduledMessageId")),
        Refusal::NotWaiting => (Code::NotWaiting, field("scheduledMessageId")),
        Refusal::VersionConflict(_) => (Code::VersionConflict, field("expectedVersion")),
        Refusal::Time(NotASendTime::Past) => (Code::SendAtPast, field("sendAt")),
        Refusal::Time(NotASendTime::TooFar) => (Code::SendAtTooFar, field("sendAt")),
        Refusal::Content(content) => match content {
            Send::Text(TextRefusal::Empty) => (Code::TextEmpty, field("text")),
            Send::Text(_) => (Code::TextTooLong, field("text")),
            Send::Formatting(refusal) => (Code::EntitiesInvalid, place_of(refusal)),
            Send::Media(refusal) => (Code::MediaInvalid, item("media", refusal.index())),
            _ => return Stop::unexpected(refusal),
        },
    };
    let error = ScheduledMessageUpdateError::at(code, place, &refusal);
    let current = if let Refusal::VersionConflict(message) = refusal { Some(*message) } else { None };
    Stop::Refused { error, current }
}
