//! What every change of a message has in common: an edit, a deletion, a pin.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::message::{Change, ChangeKind};
use domain::session::{ReplyRefusal, check_replier};
use domain::{ApiScope, DeliveryState, Direction, EventKind, Message, MessageId, Role};
use serde_json::json;
use store::outbox::{NewCall, OpenCall, OutboxState};

use super::{message_event, waiting};
use crate::audit::{Audited, operation_of};
use crate::session::SessionChange;
use crate::{Actor, Desk, Error, Rejected};

/// Why a message was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageRefusal {
    /// There is no such message, or the actor may not know of it.
    #[error("there is no such message")]
    NotFound,
    /// The actor may not answer in its session.
    #[error(transparent)]
    Replier(#[from] ReplyRefusal),
    /// Somebody else wrote it.
    #[error("the desk has not sent this message: only what agents and the desk itself wrote can be changed")]
    NotOwn,
    /// It is gone.
    #[error("the message was deleted, or is about to be: send another one instead")]
    Deleted,
    /// It never came to be.
    #[error("the message was not delivered, so there is nothing to change: send it again by `messageDeliverySettle`")]
    NotDelivered,
    /// Nobody can tell whether it is there.
    #[error("nobody can tell whether the message is in the chat: settle that first by `messageDeliverySettle`")]
    UnknownDelivery,
    /// It is there, under a number that Telegram did not tell.
    #[error("Telegram did not say under which number it has this message, so that it cannot be named any more")]
    NumberUnknown,
}

/// Why a change is not made that waited.
const OVERTAKEN: &str = "what the message is to be by now leaves nothing to change";

/// A message that is being changed in a transaction, with its session.
pub(super) struct MessageChange {
    pub(super) session: SessionChange,
    pub(super) message: Message,
    /// The calls about it, or about the album that it is an item of, that wait or are just being made.
    open: Vec<OpenCall>,
}

impl Desk {
    /// Locks a message for a change by the actor: its session, and the calls about it.
    pub(super) async fn change_message<R: From<MessageRefusal>>(
        &self,
        actor: &Actor,
        id: MessageId,
    ) -> Result<MessageChange, Rejected<R>> {
        actor.needs(ApiScope::MessagesSend)?;
        let not_found = || Rejected::Refused(R::from(MessageRefusal::NotFound));
        let found = self.store.read().await?.message(id).await?.ok_or_else(not_found)?;
        let mut session = self.change_any_session(actor, found.session_id).await?.ok_or_else(not_found)?;
        let mut ids = vec![id.0];
        if let Some(album_id) = &found.album_id {
            ids = session.tx.album(found.session_id, album_id).await?.iter().map(|item| item.id.0).collect();
        }
        let open = session.tx.lock_open_calls(&ids).await?;
        // What was read before the calls were locked may have been settled since.
        let message = session.tx.message(id).await?.ok_or_else(not_found)?;
        Ok(MessageChange { session, message, open })
    }

    /// Writes the message's changes with their event, and commits. Answers the message as it is then.
    pub(super) async fn finish_message(&self, change: MessageChange, cause: Cause) -> Result<Message, Error> {
        self.finish_message_as(change, operation_of(cause), cause).await
    }

    /// As above, by an operation that the cause does not tell.
    pub(super) async fn finish_message_as(
        &self,
        mut change: MessageChange,
        action: &'static str,
        cause: Cause,
    ) -> Result<Message, Error> {
        change.audited(action).write(&mut change.session.tx).await?;
        let (tx, id) = (&mut change.session.tx, change.message.id);
        tx.set_changes(id, &change.message.changes).await?;
        let event = message_event(&change.message, EventKind::MessageUpdated, cause, change.session.now);
        tx.append_events(&[event], self.now()).await?;
        let message = tx.message(id).await?.ok_or(Error::NotFound("message"))?;
        self.commit(change.session.tx).await?;
        Ok(message)
    }
}

impl MessageChange {
    /// What is done to the message, on its way into the audit log.
    pub(super) fn audited(&self, action: &'static str) -> Audited {
        let SessionChange { agent, project, wall, .. } = &self.session;
        let audited = Audited::in_project(agent, project, action, (ObjectKind::Message, self.message.id.0), *wall);
        audited.with(&json!({ "session": self.message.session_id }))
    }

    /// Fails unless the actor is the one who answers.
    pub(super) fn check_replier(&self, actor: &Actor) -> Result<(), MessageRefusal> {
        Ok(check_replier(&self.session.session, actor.agent.id)?)
    }

    /// Fails unless the actor is the one who answers, or manages those who do.
    pub(super) fn check_replier_or_supervisor(&self, actor: &Actor) -> Result<(), MessageRefusal> {
        if self.session.role >= Role::Supervisor { Ok(()) } else { self.check_replier(actor) }
    }

    /// Fails unless the desk has sent the message.
    pub(super) fn check_own(&self) -> Result<(), MessageRefusal> {
        let is_own = self.message.direction == Direction::Outbound && self.message.delivery.is_some();
        if is_own { Ok(()) } else { Err(MessageRefusal::NotOwn) }
    }

    /// Fails unless the message is in the chat, or on its way there.
    pub(super) fn check_there(&self) -> Result<(), MessageRefusal> {
        if self.message.deleted_at.is_some() || self.open_change(ChangeKind::Delete).is_some() {
            return Err(MessageRefusal::Deleted);
        }
        let state = self.message.delivery.as_ref().map(|delivery| delivery.state);
        match (state, self.message.telegram_message_id) {
            (Some(DeliveryState::Failed), _) => Err(MessageRefusal::NotDelivered),
            (Some(DeliveryState::Unknown), _) => Err(MessageRefusal::UnknownDelivery),
            (Some(DeliveryState::Queued), _) | (_, Some(_)) => Ok(()),
            (Some(DeliveryState::Sent) | None, None) => Err(MessageRefusal::NumberUnknown),
        }
    }

    /// What was asked for last of this kind and is still to be made.
    pub(super) fn open_change(&self, kind: ChangeKind) -> Option<&Change> {
        self.message.changes.iter().find(|change| change.kind.is_of_kind(kind) && change.is_open())
    }

    /// The call that sends the message, while it waits.
    pub(super) fn waiting_send(&self) -> Option<&OpenCall> {
        self.open.iter().find(|call| call.state == OutboxState::Queued && ChangeKind::of_method(&call.method).is_none())
    }

    /// The call of a change of the message, while it waits.
    fn waiting_change(&self, kind: ChangeKind) -> Option<&OpenCall> {
        self.open.iter().find(|call| {
            let is_of_kind = ChangeKind::of_method(&call.method).is_some_and(|other| other.is_of_kind(kind));
            call.state == OutboxState::Queued && call.message_id == self.message.id && is_of_kind
        })
    }

    /// Has a change made, in place of an earlier one of its kind that nobody has begun to make.
    pub(super) async fn ask_for(&mut self, change: Change, call: NewCall, desk: &Desk) -> Result<(), Error> {
        let waiting = self.waiting_change(change.kind).map(|call| call.id);
        match waiting {
            Some(id) => self.session.tx.replace_call(id, &call).await?,
            None => self.session.tx.insert_call(&call, desk.now()).await?,
        }
        self.note(change);
        Ok(())
    }

    /// Notes a change in place of an earlier one of its kind.
    pub(super) fn note(&mut self, change: Change) {
        self.message.changes.retain(|earlier| !earlier.kind.is_of_kind(change.kind));
        self.message.changes.push(change);
    }

    /// Drops a change that nobody has begun to make. Answers what it was.
    pub(super) async fn drop_waiting(&mut self, kind: ChangeKind, desk: &Desk) -> Result<Option<Change>, Error> {
        let Some(id) = self.waiting_change(kind).map(|call| call.id) else { return Ok(None) };
        self.session.tx.settle_call(id, OutboxState::Failed, Some(OVERTAKEN), desk.now()).await?;
        let place = self.message.changes.iter().position(|change| change.kind.is_of_kind(kind));
        Ok(place.map(|place| self.message.changes.remove(place)))
    }

    /// Writes the call that waits to send the message anew, from what the message is now. The edits that wait for it have
    /// nothing left to do.
    pub(super) async fn rewrite_send(&mut self, desk: &Desk) -> Result<(), Error> {
        self.drop_waiting(ChangeKind::Edit, desk).await?;
        let Some(id) = self.waiting_send().map(|call| call.id) else { return Ok(()) };
        waiting::rewrite(&mut self.session.tx, id, self.message.id, desk.now()).await
    }

    /// Takes a message back that waits to be sent, with everything that waits for it.
    pub(super) async fn withdraw(&mut self, desk: &Desk) -> Result<(), Error> {
        self.drop_waiting(ChangeKind::Pin, desk).await?;
        waiting::take_back(&mut self.session.tx, self.message.id, self.session.now).await?;
        self.rewrite_send(desk).await
    }
}
