//! Writing a message that is to be sent later.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::message::MessageSendRefusal as Send;
use desk::scheduled::{MessageScheduleRefusal as Refusal, NewScheduledMessage, NotASendTime};
use domain::session::ReplyRefusal;
use domain::text::TextRefusal;

use super::ScheduledMessage;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::message::{
    MessageEntityInput, MessageMediaInput, MessageSendWarning, entities, files, item, place_of,
};
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `messageSchedule` takes.
#[derive(InputObject)]
pub(crate) struct MessageScheduleInput {
    /// The global id of the session.
    session_id: ID,
    /// The text, as for `messageSend`. It may be left out if there is `media`, under which it stands as the caption.
    text: Option<String>,
    /// The formatting of the text, 100 stretches at most. Null or left out: none.
    entities: Option<Vec<MessageEntityInput>>,
    /// The files, as for `messageSend`. Null or left out: none.
    media: Option<Vec<MessageMediaInput>>,
    /// When to send it, on the project's clock: after now, and within 366 days.
    send_at: DateTime,
    /// Whether it stays here if the customer writes before that. Null or left out: true.
    cancel_on_reply: Option<bool>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with
    /// the same input takes no other message and gives the first one. Null or left out: sending again is another
    /// request.
    idempotency_key: Option<String>,
}

/// What came of `messageSchedule`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct MessageSchedulePayload {
    /// The message that waits. Null if none was taken.
    scheduled_message: Option<ScheduledMessage>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<MessageScheduleError>,
    /// The message that was taken, with who wrote it.
    #[graphql(skip)]
    done: Option<(Arc<domain::ScheduledMessage>, View)>,
}

#[ComplexObject]
impl MessageSchedulePayload {
    /// What the agent should know about the time of the message. It waits all the same.
    async fn warnings(&self) -> Vec<MessageSendWarning> {
        let Some((message, view)) = &self.done else { return Vec::new() };
        MessageSendWarning::of_scheduled(view.desk().night_of_scheduled(view.actor(), message).await)
    }
}

user_error! {
    /// Why `messageSchedule` did nothing.
    MessageScheduleError,
    /// The reasons of `messageSchedule` to do nothing.
    MessageScheduleErrorCode {
        /// This is not the id of a session or of a file.
        InvalidId,
        /// There is no such session, or it does not go on for you.
        SessionNotFound,
        /// The session is closed: open it again first.
        SessionClosed,
        /// Another agent answers in this session.
        NotActiveReplier,
        /// The text has no visible character, and there is no file.
        TextEmpty,
        /// The text would become more messages than go out at once.
        TextTooLong,
        /// The formatting is one that Telegram would not take.
        EntitiesInvalid,
        /// The files are not ones that Telegram would take, or not together.
        MediaInvalid,
        /// There is no such file, or you have not uploaded it for this project.
        FileNotFound,
        /// The time to send at has passed.
        SendAtPast,
        /// The time to send at is more than 366 days ahead.
        SendAtTooFar,
        /// 20 messages wait in the session already.
        TooManyScheduledMessages,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct MessageSchedule;

#[Object]
impl MessageSchedule {
    /// Takes a message that is sent to the customer later, as if you wrote it then. It goes out if you still are the
    /// one who answers in the session, which is open; otherwise its `state` says so. If nobody has the session, you
    /// become its assignee. The silence of the customer does not close the session before that; a resolved one closes all the
    /// same.
    async fn message_schedule(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message, when it is to be sent, and where it belongs.")] input: MessageScheduleInput,
    ) -> Result<MessageSchedulePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        let done = done.map(Arc::new);
        Ok(MessageSchedulePayload {
            scheduled_message: done.clone().map(|done| ScheduledMessage::new(done, &view)),
            user_errors,
            done: done.map(|done| (done, view)),
        })
    }
}

async fn run(
    view: &View,
    input: MessageScheduleInput,
) -> Result<domain::ScheduledMessage, Stop<domain::ScheduledMessage, MessageScheduleError>> {
    use MessageScheduleErrorCode as Code;
    let invalid = |field| move |invalid| MessageScheduleError::new(Code::InvalidId, Some(field), invalid);
    let new = NewScheduledMessage {
        session_id: id::parse(&input.session_id).map_err(invalid("sessionId"))?,
        text: input.text.unwrap_or_default(),
        entities: entities(input.entities)
            .map_err(|bad| MessageScheduleError::at(Code::EntitiesInvalid, bad.place(), bad.message))?,
        media: files(input.media).map_err(|bad| MessageScheduleError::at(Code::InvalidId, bad.place(), bad.invalid))?,
        send_at: input.send_at.0,
        cancel_on_reply: input.cancel_on_reply.unwrap_or(true),
        idempotency_key: input.idempotency_key,
    };
    let scheduled = view.desk().message_schedule(view.actor(), &new).await;
    scheduled.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::ScheduledMessage, MessageScheduleError> {
    use MessageScheduleErrorCode as Code;
    let field = |name: &str| vec![name.to_owned()];
    let of_time = |time: &NotASendTime| match time {
        NotASendTime::Past => Code::SendAtPast,
        NotASendTime::TooFar => Code::SendAtTooFar,
    };
    let (code, place) = match &refusal {
        Refusal::Time(time) => (of_time(time), field("sendAt")),
        Refusal::TooMany => (Code::TooManyScheduledMessages, field("sessionId")),
        Refusal::Send(send) => match send {
            Send::SessionNotFound => (Code::SessionNotFound, field("sessionId")),
            Send::Replier(ReplyRefusal::Closed) => (Code::SessionClosed, field("sessionId")),
            Send::Replier(ReplyRefusal::NotActiveReplier) => (Code::NotActiveReplier, field("sessionId")),
            Send::Text(TextRefusal::Empty) => (Code::TextEmpty, field("text")),
            Send::Text(_) => (Code::TextTooLong, field("text")),
            Send::Formatting(refusal) => (Code::EntitiesInvalid, place_of(refusal)),
            Send::Media(refusal) => (Code::MediaInvalid, item("media", refusal.index())),
            Send::FileNotFound { index } => (Code::FileNotFound, item("media", Some(*index))),
            Send::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
                (Code::IdempotencyKeyMalformed, field("idempotencyKey"))
            }
            Send::IdempotencyKey(IdempotencyKeyRefusal::Reused) => {
                (Code::IdempotencyKeyReused, field("idempotencyKey"))
            }
            Send::Buttons(_) | Send::ReplyToNotFound | Send::QuoteNotFound | Send::CannedReplyNotFound => {
                return Stop::unexpected(refusal);
            }
        },
    };
    MessageScheduleError::at(code, place, refusal).into()
}
