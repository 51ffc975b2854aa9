//! Writing down what came of a call.

use std::sync::Arc;

use domain::event::Cause;
use domain::message::ChangeKind;
use domain::notice::NoticeKind;
use domain::{
    ChatId, CustomerId, Delivery, DeliveryState, Direction, EventKind, Message, MessageId, Project, ProjectId, Time,
};
use store::Tx;
use store::outbox::{Hold, OpenTry, OutboxState, QueuedCall};

use crate::message::message_event;
use crate::staff::tell_agent;
use crate::{Desk, Error};

const NOT_SENT: &str = "the message was not sent: write it again if it is still wanted";
const ARRIVED_AFTER_ALL: &str = "an earlier attempt did reach Telegram";

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Telegram took it, under this number if the answer could be read.
    Sent {
        /// The number of the message within its chat.
        telegram_message_id: Option<i64>,
    },
    /// Telegram took a file or an album.
    MediaSent {
        /// What it says of each of the messages, in their order.
        items: Vec<SentMedia>,
    },
    /// Telegram did not take it: the group has become a supergroup, which has another number.
    Migrated {
        /// The supergroup.
        to: ChatId,
    },
    /// Telegram refuses it, for this reason.
    Failed {
        /// The reason, in words for the agent.
        reason: String,
        /// Whether the reason is that the customer cannot be reached any more.
        unreachable: bool,
    },
    /// Nobody can tell whether Telegram took it.
    Unknown {
        /// What happened, in words for the agent.
        reason: String,
    },
    /// Telegram did not take it yet; it is to be made again.
    Again {
        /// Not before this time on the wall clock.
        at: Time,
        /// Whether this attempt counts against the call.
        counts: bool,
        /// Why, for people.
        reason: String,
    },
}

/// What Telegram says of a message with a file that it took, as far as that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMedia {
    /// The number of the message within its chat.
    pub telegram_message_id: Option<i64>,
    /// What it calls the file.
    pub file: Option<TelegramFile>,
}

/// What Telegram calls a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramFile {
    /// The handle by which the project's bot names it.
    pub id: String,
    /// What tells it from every other file.
    pub unique_id: Option<String>,
}

/// What came of an attempt at a call, to be written down.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The call.
    pub call: QueuedCall,
    /// The attempt.
    pub attempt: Arc<str>,
    /// What came of it.
    pub outcome: Outcome,
    /// Until when the chat is left alone, if it has had its share.
    pub hold_until: Option<Time>,
}

impl Settlement {
    pub(super) fn hold(&self) -> Option<Hold> {
        let QueuedCall { project_id, chat_id, .. } = self.call;
        self.hold_until.map(|until| Hold { project_id, chat_id, until })
    }
}

impl Desk {
    /// Writes down what came of an attempt at a call. One that was given up in the meantime
    /// is still settled by the truth when it comes; one that another attempt has taken over
    /// is left alone.
    pub async fn settle_call(&self, settlement: Settlement) -> Result<(), Error> {
        self.outbox.settle(settlement).await
    }

    /// As [`settle_call`](Self::settle_call), within a transaction.
    pub(super) async fn settle_in(
        &self,
        tx: &mut Tx,
        call: &QueuedCall,
        attempt: &str,
        outcome: &Outcome,
    ) -> Result<(), Error> {
        let Some(OpenTry { state, message_id }) = tx.lock_try(call.id, attempt).await? else {
            tracing::warn!(call = %call.id, "an attempt ended that is no longer the call's own");
            return Ok(());
        };
        if let Some((kind, message_id)) = ChangeKind::of_method(&call.method).zip(message_id) {
            return self.settle_change(tx, call, kind, message_id, outcome).await;
        }
        let was_given_up = state == OutboxState::Unknown;
        let (state, delivery) = match outcome {
            // Agents were told that nobody can tell, and may have written it again.
            Outcome::Again { reason, .. } if was_given_up => {
                (OutboxState::Failed, failed(format!("{NOT_SENT} ({reason})")))
            }
            Outcome::Migrated { .. } if was_given_up => (OutboxState::Failed, failed(NOT_SENT.to_owned())),
            Outcome::Again { at, counts, reason } => {
                tx.requeue_call(call.id, *at, *counts, reason).await?;
                return match message_id {
                    Some(message_id) => self.catch_up(tx, call.id, message_id).await,
                    None => Ok(()),
                };
            }
            Outcome::Migrated { to } => return self.follow_group(tx, call, *to).await,
            Outcome::Sent { .. } | Outcome::MediaSent { .. } => {
                (OutboxState::Sent, Delivery { state: DeliveryState::Sent, error: None })
            }
            Outcome::Failed { reason, .. } => (OutboxState::Failed, failed(reason.clone())),
            Outcome::Unknown { reason } => {
                (OutboxState::Unknown, Delivery { state: DeliveryState::Unknown, error: Some(reason.clone()) })
            }
        };
        tx.settle_call(call.id, state, delivery.error.as_deref(), self.now()).await?;
        let Some(message_id) = message_id else { return Ok(()) };
        if was_given_up && !self.is_news(tx, message_id, &delivery).await? {
            return Ok(());
        }
        let sent = match outcome {
            Outcome::Sent { telegram_message_id } => {
                vec![SentMedia { telegram_message_id: *telegram_message_id, file: None }]
            }
            Outcome::MediaSent { items } => items.clone(),
            _ => Vec::new(),
        };
        let customer = self.deliver_all(tx, message_id, delivery, &sent).await?;
        if let (Some(customer), Outcome::Failed { unreachable: true, .. }) = (customer, outcome) {
            self.note_unreachable(tx, call.project_id, customer).await?;
        }
        Ok(())
    }

    /// Whether the late end of a call that was given up says something of its message. An agent may have settled that
    /// meanwhile; then it counts only that the message did go out after all, and what waits to send it again is kept
    /// from doing so.
    async fn is_news(&self, tx: &mut Tx, message_id: MessageId, delivery: &Delivery) -> Result<bool, Error> {
        let again = tx.lock_open_calls(&[message_id.0]).await?;
        let again: Vec<_> = again.iter().filter(|call| ChangeKind::of_method(&call.method).is_none()).collect();
        let known = tx.message(message_id).await?.and_then(|message| message.delivery);
        if delivery.state != DeliveryState::Sent {
            return Ok(known.is_some_and(|known| known.state == DeliveryState::Unknown));
        }
        for call in &again {
            if call.state != OutboxState::Queued {
                return Ok(false);
            }
            tx.settle_call(call.id, OutboxState::Failed, Some(ARRIVED_AFTER_ALL), self.now()).await?;
        }
        Ok(true)
    }

    /// Puts a call back in its place, to be made in the supergroup that its group has become.
    async fn follow_group(&self, tx: &mut Tx, call: &QueuedCall, to: ChatId) -> Result<(), Error> {
        let now = self.now();
        tx.requeue_call(call.id, now, false, "the group has become a supergroup").await?;
        let project = tx.project(call.project_id).await?.ok_or(Error::NotFound("project"))?;
        crate::intake::migrate_chat(tx, &project, call.chat_id, to, now).await?;
        match call.message_id {
            Some(message_id) => self.catch_up(tx, call.id, message_id).await,
            None => Ok(()),
        }
    }

    pub(super) async fn note_unreachable(
        &self,
        tx: &mut Tx,
        project_id: ProjectId,
        customer: CustomerId,
    ) -> Result<(), Error> {
        let project = tx.project(project_id).await?.ok_or(Error::NotFound("project"))?;
        crate::customer::unreachable(tx, &project, customer, self.now()).await
    }

    /// Writes a delivery with its events, of an album that of all its items.
    pub(super) async fn deliver(&self, tx: &mut Tx, message_id: MessageId, delivery: Delivery) -> Result<(), Error> {
        self.deliver_all(tx, message_id, delivery, &[]).await.map(drop)
    }

    /// Writes a delivery with its events, of an album that of all its items, and what Telegram says of each of them.
    /// Answers whose messages they are.
    async fn deliver_all(
        &self,
        tx: &mut Tx,
        message_id: MessageId,
        delivery: Delivery,
        sent: &[SentMedia],
    ) -> Result<Option<CustomerId>, Error> {
        let messages = sent_together(tx, message_id).await?;
        let Some(first) = messages.first() else { return Ok(None) };
        let (customer, project_id) = (first.customer_id, first.project_id);
        let project = tx.project(project_id).await?.ok_or(Error::NotFound("project"))?;
        let now = project.time(self.now());
        self.tell_author(tx, &project, first, &delivery).await?;
        let mut events = Vec::with_capacity(messages.len());
        let mut sent = sent.iter();
        for message in messages {
            let item = sent.next();
            tx.set_delivery(message.id, &delivery, item.and_then(|item| item.telegram_message_id)).await?;
            events.push(message_event(&message, EventKind::MessageUpdated, Cause::Delivery, now));
            if let Some(file) = item.and_then(|item| item.file.as_ref()) {
                remember_file(tx, message, file).await?;
            }
        }
        tx.append_events(&events, self.now()).await?;
        Ok(Some(customer))
    }
}

impl Desk {
    /// Tells the author of a message that it did not arrive, or that nobody can tell.
    async fn tell_author(
        &self,
        tx: &mut Tx,
        project: &Project,
        message: &Message,
        delivery: &Delivery,
    ) -> Result<(), Error> {
        let kind = match delivery.state {
            DeliveryState::Failed => NoticeKind::NotSent,
            DeliveryState::Unknown => NoticeKind::Uncertain,
            DeliveryState::Queued | DeliveryState::Sent => return Ok(()),
        };
        let Some(author) = message.author_id else { return Ok(()) };
        let Some(session) = tx.session(message.session_id).await? else { return Ok(()) };
        tell_agent(tx, project, &session, author, kind, self.now()).await
    }
}

fn failed(reason: String) -> Delivery {
    Delivery { state: DeliveryState::Failed, error: Some(reason) }
}

/// The messages that one call sends: those of an album that were not taken back before it went out.
pub(crate) async fn sent_together(tx: &mut Tx, message_id: MessageId) -> Result<Vec<Message>, Error> {
    let Some(message) = tx.message(message_id).await? else { return Ok(Vec::new()) };
    let Some(album_id) = &message.album_id else { return Ok(vec![message]) };
    let mut items = tx.album(message.session_id, album_id).await?;
    items.retain(|item| item.direction == Direction::Outbound && item.deleted_at.is_none());
    Ok(items)
}

/// Remembers what Telegram calls a file, so that it is uploaded once only.
async fn remember_file(tx: &mut Tx, message: Message, file: &TelegramFile) -> Result<(), Error> {
    let Message { id, mut content, .. } = message;
    let Some(media) = &mut content.media else { return Ok(()) };
    media.telegram_file_id = Some(file.id.clone());
    media.telegram_unique_id.clone_from(&file.unique_id);
    if let Some(file_id) = media.file_id {
        tx.set_telegram_file_id(file_id, media.kind, &file.id).await?;
    }
    Ok(tx.set_content(id, &content).await?)
}
