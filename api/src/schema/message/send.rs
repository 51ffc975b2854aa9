//! Answering a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::message::{MessageSendRefusal as Refusal, NewReply};
use domain::session::ReplyRefusal;
use domain::text::TextRefusal;

use super::Message;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::View;

/// What `messageSend` takes.
#[derive(InputObject)]
pub(crate) struct MessageSendInput {
    /// The global id of the session to answer in.
    session_id: ID,
    /// The text, as plain text: 1 to 4096 UTF-16 code units with at least one visible character.
    text: String,
    /// The global id of the message in this session that the text answers. Null or left out: none in particular.
    reply_to_id: Option<ID>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input sends nothing again and gives the first answer. Null or left out: sending again sends again.
    idempotency_key: Option<String>,
}

/// What came of `messageSend`.
#[derive(SimpleObject)]
pub(crate) struct MessageSendPayload {
    /// The message, stored and queued for delivery. Null if nothing was sent.
    message: Option<Message>,
    /// Why nothing was sent. Empty if all went well.
    user_errors: Vec<MessageSendError>,
}

user_error! {
    /// Why `messageSend` sent nothing.
    MessageSendError,
    /// The reasons of `messageSend` to send nothing.
    MessageSendErrorCode {
        /// This is not the id of a session, or of a message.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session is closed: open it again first.
        SessionClosed,
        /// Another agent answers in this session.
        NotActiveReplier,
        /// The text has no visible character.
        TextEmpty,
        /// The text is longer than Telegram takes.
        TextTooLong,
        /// The message to reply to is not in this session.
        ReplyToNotFound,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used with another input.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct MessageSend;

#[Object]
impl MessageSend {
    /// Answers the customer of a session. If nobody has the session, you become its assignee. The answer is stored before
    /// this returns; follow its `delivery` by `sessionMessages` or `sessionEvents`.
    async fn message_send(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The answer and where it belongs.")] input: MessageSendInput,
    ) -> Result<MessageSendPayload> {
        let view = View::fresh(context).await?;
        let (message, user_errors) = settle(send(&view, input).await)?;
        Ok(MessageSendPayload { message: message.map(|message| Message::new(Arc::new(message), &view)), user_errors })
    }
}

async fn send(
    view: &View,
    input: MessageSendInput,
) -> Result<domain::Message, Stop<domain::Message, MessageSendError>> {
    let invalid = |field| move |invalid| MessageSendError::new(MessageSendErrorCode::InvalidId, Some(field), invalid);
    let reply = NewReply {
        session_id: id::parse(&input.session_id).map_err(invalid("sessionId"))?,
        text: input.text,
        reply_to_id: input.reply_to_id.map(|id| id::parse(&id)).transpose().map_err(invalid("replyToId"))?,
        idempotency_key: input.idempotency_key,
    };
    let sent = view.desk().message_send(view.actor(), &reply).await;
    sent.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Message, MessageSendError> {
    use MessageSendErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::SessionNotFound => (Code::SessionNotFound, "sessionId"),
        Refusal::Replier(ReplyRefusal::Closed) => (Code::SessionClosed, "sessionId"),
        Refusal::Replier(ReplyRefusal::NotActiveReplier) => (Code::NotActiveReplier, "sessionId"),
        Refusal::Text(TextRefusal::Empty) => (Code::TextEmpty, "text"),
        Refusal::Text(TextRefusal::TooLong { .. }) => (Code::TextTooLong, "text"),
        Refusal::ReplyToNotFound => (Code::ReplyToNotFound, "replyToId"),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => (Code::IdempotencyKeyMalformed, "idempotencyKey"),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, "idempotencyKey"),
    };
    MessageSendError::new(code, Some(field), refusal).into()
}
