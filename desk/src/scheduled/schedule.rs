//! Writing a message that is to be sent later.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::formatting::{Entity, Part};
use domain::message::check_size;
use domain::scheduled::{MOST_WAITING, ScheduledMedia};
use domain::session::check_replier;
use domain::text::without_nul;
use domain::{ApiScope, ScheduledMessage, SessionId, Time};

use super::{NotASendTime, check_send_time, schedule_job, waiting};
use crate::idempotency::Request;
use crate::message::{MessageSendRefusal, NewMedia, NewReply, parts_of};
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// The name under which requests are remembered.
pub(crate) const OPERATION: &str = "scheduleMessage";

/// A message to be sent later.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewScheduledMessage {
    /// The session.
    pub session_id: SessionId,
    /// The text; under files the caption. Empty for none.
    pub text: String,
    /// The formatting of the text.
    pub entities: Vec<Entity>,
    /// The files: one, or the items of an album.
    pub media: Vec<NewMedia>,
    /// When it is to be sent, on the project's clock.
    pub send_at: Time,
    /// Whether it stays here if the customer writes before that.
    pub cancel_on_reply: bool,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// Why a message was not taken for later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageScheduleRefusal {
    /// It could not be sent now either.
    #[error(transparent)]
    Send(#[from] MessageSendRefusal),
    /// The time cannot be taken.
    #[error(transparent)]
    Time(#[from] NotASendTime),
    /// [`MOST_WAITING`] wait in the session.
    #[error("{MOST_WAITING} messages wait in this session already: cancel some first")]
    TooMany,
}

impl From<IdempotencyKeyRefusal> for MessageScheduleRefusal {
    fn from(refusal: IdempotencyKeyRefusal) -> Self {
        Self::Send(refusal.into())
    }
}

impl<E: Into<MessageScheduleRefusal>> From<E> for Rejected<MessageScheduleRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Takes a message that is to be sent to the customer later, as if the actor wrote it then. In a session that nobody
    /// has, the actor becomes the one who answers, as by an answer.
    pub async fn message_schedule(
        &self,
        actor: &Actor,
        new: &NewScheduledMessage,
    ) -> Result<ScheduledMessage, Rejected<MessageScheduleRefusal>> {
        actor.needs(ApiScope::MessagesSend)?;
        parts_of(&as_reply(new.session_id, &new.text, &new.entities, new.media.clone()))?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), OPERATION, new)??;
        retried(|| self.try_message_schedule(actor, new, &request)).await
    }

    async fn try_message_schedule(
        &self,
        actor: &Actor,
        new: &NewScheduledMessage,
        request: &Request<'_>,
    ) -> Result<ScheduledMessage, Rejected<MessageScheduleRefusal>> {
        let change = self.change_any_session(actor, new.session_id).await?;
        let mut change = change.ok_or(MessageSendRefusal::SessionNotFound)?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut change.tx).await?? {
            let found = change.tx.scheduled_messages(&[earlier]).await?.pop();
            return Ok(found.ok_or(Error::NotFound("scheduled message"))?);
        }
        check_replier(&change.session, actor.agent.id).map_err(MessageSendRefusal::from)?;
        check_send_time(new.send_at, change.now)?;
        if waiting(&change.tx.scheduled_messages_of(&[new.session_id.0]).await?) >= MOST_WAITING {
            return Err(MessageScheduleRefusal::TooMany.into());
        }
        for (index, NewMedia { file_id, kind }) in new.media.iter().copied().enumerate() {
            let file = crate::file::sendable(&mut change.tx, actor.agent.id, change.project.id, file_id).await?;
            let file = file.ok_or(MessageSendRefusal::FileNotFound { index })?;
            check_size(index, kind, file.size_bytes).map_err(MessageSendRefusal::from)?;
            // It is the customer's from now on: kept until it is sent, and erased with everything else of theirs.
            change.tx.mark_file_used(file.id, change.wall).await?;
            change.tx.note_file_use(change.session.customer_id, file.id).await?;
        }
        change.session.assign(Some(actor.agent.id), change.now);
        let media = new.media.iter().map(|media| ScheduledMedia { file_id: media.file_id, kind: media.kind });
        let message = change
            .tx
            .insert_scheduled_message(&store::desk_tools::NewScheduledMessage {
                project_id: change.project.id,
                session_id: new.session_id,
                agent_id: actor.agent.id,
                text: without_nul(&new.text).into_owned(),
                entities: new.entities.clone(),
                media: media.collect(),
                send_at: new.send_at,
                cancel_on_reply: new.cancel_on_reply,
                inbound_count: change.session.inbound_count,
                created_at: change.now,
                since_version: change.session.version + 1,
            })
            .await?;
        schedule_job(&mut change.tx, &message, change.now, change.wall).await?;
        request.answer(self, &mut change.tx, message.id.0).await?;
        let object = (ObjectKind::ScheduledMessage, message.id.0);
        self.finish_within_session(change, Cause::Scheduled, "messageSchedule", object).await?;
        Ok(message)
    }
}

/// The answer that a message for later is once its time has come.
pub(super) fn as_reply(session_id: SessionId, text: &str, entities: &[Entity], media: Vec<NewMedia>) -> NewReply {
    NewReply { entities: entities.to_vec(), media, ..NewReply::text(session_id, text) }
}

/// The answer that a message is, with its texts, if Telegram could take it.
pub(super) fn ready(message: &ScheduledMessage) -> Result<(NewReply, Vec<Part>), MessageSendRefusal> {
    let media = message.media.iter().map(|media| NewMedia { file_id: media.file_id, kind: media.kind }).collect();
    let reply = as_reply(message.session_id, &message.text, &message.entities, media);
    let parts = parts_of(&reply)?;
    Ok((reply, parts))
}
