//! Answering a customer.

use domain::event::Cause;
use domain::message::{Content, TEXT_KIND};
use domain::session::{ReplyRefusal, check_replier};
use domain::text::{TextRefusal, without_nul};
use domain::{ApiScope, DeliveryState, Direction, EventKind, Message, MessageId, SessionId, Status};
use serde_json::json;
use store::messages::NewMessage;
use store::outbox::{Lane, NewCall};

use super::message_event;
use crate::idempotency::Request;
use crate::retry::retried;
use crate::session::{SessionRefusal, schedule_idle_close, touch};
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// An answer to a customer.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewReply {
    /// The session.
    pub session_id: SessionId,
    /// The text, as plain text.
    pub text: String,
    /// The message it answers.
    pub reply_to_id: Option<MessageId>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// Why an answer was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageSendRefusal {
    /// There is no such session, or the actor may not know of it.
    #[error("there is no such session")]
    SessionNotFound,
    /// The actor may not answer in it.
    #[error(transparent)]
    Replier(#[from] ReplyRefusal),
    /// Telegram could not take the text.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// The message to answer is not in this session.
    #[error("the message to reply to is not in this session")]
    ReplyToNotFound,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<MessageSendRefusal>> From<E> for Rejected<MessageSendRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Stores an answer and has it delivered. In a session that nobody has, the actor becomes
    /// the one who answers.
    pub async fn message_send(&self, actor: &Actor, reply: &NewReply) -> Result<Message, Rejected<MessageSendRefusal>> {
        actor.needs(ApiScope::MessagesSend)?;
        domain::text::check(&reply.text)?;
        let request = match &reply.idempotency_key {
            Some(key) => Some(Request::new(actor.agent.id, key, "messageSend", reply)??),
            None => None,
        };
        retried(|| self.try_message_send(actor, reply, request.as_ref())).await
    }

    async fn try_message_send(
        &self,
        actor: &Actor,
        reply: &NewReply,
        request: Option<&Request<'_>>,
    ) -> Result<Message, Rejected<MessageSendRefusal>> {
        let change = self.change_session(actor, reply.session_id, None).await;
        let mut change = change.map_err(|rejected| match rejected {
            Rejected::Refused(SessionRefusal::NotFound) => Rejected::Refused(MessageSendRefusal::SessionNotFound),
            Rejected::Refused(other) => Rejected::Failed(Error::internal(other)),
            Rejected::Failed(error) => Rejected::Failed(error),
        })?;
        if let Some(request) = request
            && let Some(earlier) = request.earlier(self, &mut change.tx).await??
        {
            let message = change.tx.message(MessageId(earlier)).await?;
            return Ok(message.ok_or(Error::NotFound("message"))?);
        }
        check_replier(&change.session, actor.agent.id)?;
        let answered = match reply.reply_to_id {
            Some(id) => {
                let found = change.tx.message(id).await?.filter(|message| message.session_id == change.session.id);
                Some(found.ok_or(MessageSendRefusal::ReplyToNotFound)?)
            }
            None => None,
        };
        let chat_id = self.chat_of(&mut change).await?;
        let message = change
            .tx
            .insert_message(&NewMessage {
                project_id: change.session.project_id,
                session_id: change.session.id,
                customer_id: change.session.customer_id,
                chat_id,
                direction: Direction::Outbound,
                kind: TEXT_KIND.to_owned(),
                text: without_nul(&reply.text).into_owned(),
                entities: None,
                author_id: Some(actor.agent.id),
                reply_to_id: reply.reply_to_id,
                telegram_message_id: None,
                delivery: Some(DeliveryState::Queued),
                content: Content::default(),
                album_id: None,
                created_at: change.now,
            })
            .await?;
        let call = NewCall {
            project_id: message.project_id,
            chat_id,
            lane: Lane::LiveReply,
            message_id: Some(message.id),
            method: "sendMessage".to_owned(),
            payload: payload(&message, answered.as_ref()),
            attachments: Vec::new(),
            cost: 1,
        };
        change.tx.insert_call(&call, self.now()).await?;

        let session = &mut change.session;
        session.assignee_id = Some(actor.agent.id);
        session.status = Status::Processing;
        session.last_message_id = Some(message.id);
        session.last_message_at = change.now;
        session.last_direction = Direction::Outbound;
        let updated = touch(&mut change.tx, session, Cause::AgentReply, change.now).await?;
        let added = message_event(&message, EventKind::MessageAdded, Cause::AgentReply, change.now);
        change.tx.append_events(&[added, updated], self.now()).await?;
        change.tx.mark_seen(session.id, actor.agent.id, session.inbound_count).await?;
        schedule_idle_close(&mut change.tx, &change.session, self.now()).await?;
        if let Some(request) = request {
            request.answer(self, &mut change.tx, message.id.0).await?;
        }
        self.commit(change.tx).await?;
        Ok(message)
    }

    async fn chat_of(&self, change: &mut crate::session::SessionChange) -> Result<domain::ChatId, Error> {
        let customers = change.tx.customers(&[change.session.customer_id.0]).await?;
        Ok(customers.first().ok_or(Error::NotFound("customer"))?.chat_id)
    }
}

/// The parameters of the Bot API's `sendMessage`. A message that has vanished from the chat
/// must not keep the answer from going out.
fn payload(message: &Message, answered: Option<&Message>) -> String {
    let mut payload = json!({ "chat_id": message.chat_id.0, "text": message.text });
    if let Some(telegram_id) = answered.and_then(|answered| answered.telegram_message_id) {
        payload["reply_parameters"] = json!({ "message_id": telegram_id, "allow_sending_without_reply": true });
    }
    payload.to_string()
}
