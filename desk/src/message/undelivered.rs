//! Messages that were not delivered, as far as is known, and what agents make of them.

use domain::event::Cause;
use domain::{ApiScope, Delivery, DeliveryState, EventKind, Message, MessageId, ProjectId, named_enum};
use store::Tx;

use super::change::{MessageChange, MessageRefusal};
use super::message_event;
use super::waiting::call_for;
use crate::outbox::sent_together;
use crate::retry::retried;
use crate::{Actor, Connection, Desk, Error, PageRequest, Rejected};

named_enum! {
    /// What an agent makes of a message whose delivery failed or is unknown.
    pub enum Resolution {
        /// It is sent once more.
        Retry = "RETRY",
        /// The customer has it.
        Delivered = "DELIVERED",
    }
}

/// Why a delivery was not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeliverySettleRefusal {
    /// The message cannot be changed.
    #[error(transparent)]
    Message(#[from] MessageRefusal),
    /// It is on its way.
    #[error("the message is still on its way: wait for what comes of it")]
    OnItsWay,
    /// It was delivered.
    #[error("the message was delivered: write a new one to say it again")]
    Delivered,
}

impl<E: Into<DeliverySettleRefusal>> From<E> for Rejected<DeliverySettleRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// A page of a project's messages that failed or whose fate is unknown, newest first. `states` chooses one of the
    /// two.
    pub async fn undelivered_messages(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        states: &[DeliveryState],
        request: PageRequest<MessageId>,
    ) -> Result<Connection<Message, MessageId>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let sight = self.sight_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.undelivered_page(project_id, &sight, states, page).await?;
        let total = request.total(reader.undelivered_count(project_id, &sight, states)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |message| message.id))
    }

    /// Has a message that failed or whose fate is unknown sent once more, or notes that the customer has it; the items of
    /// an album together. To ask for the same again changes nothing.
    pub async fn message_delivery_settle(
        &self,
        actor: &Actor,
        id: MessageId,
        resolution: Resolution,
    ) -> Result<Message, Rejected<DeliverySettleRefusal>> {
        retried(|| self.try_delivery_settle(actor, id, resolution)).await
    }

    async fn try_delivery_settle(
        &self,
        actor: &Actor,
        id: MessageId,
        resolution: Resolution,
    ) -> Result<Message, Rejected<DeliverySettleRefusal>> {
        let mut change: MessageChange = self.change_message(actor, id).await?;
        match resolution {
            Resolution::Retry => change.check_replier(actor)?,
            Resolution::Delivered => change.check_replier_or_supervisor(actor)?,
        }
        change.check_own()?;
        if change.message.deleted_at.is_some() {
            return Err(MessageRefusal::Deleted.into());
        }
        let state = change.message.delivery.as_ref().map(|delivery| delivery.state);
        match (state, resolution) {
            (Some(DeliveryState::Queued), Resolution::Retry) | (Some(DeliveryState::Sent), Resolution::Delivered) => {
                return Ok(change.message);
            }
            (Some(DeliveryState::Queued), Resolution::Delivered) => return Err(DeliverySettleRefusal::OnItsWay.into()),
            (Some(DeliveryState::Sent), Resolution::Retry) => return Err(DeliverySettleRefusal::Delivered.into()),
            (Some(DeliveryState::Failed | DeliveryState::Unknown) | None, _) => {}
        }
        let mut items = sent_together(&mut change.session.tx, id).await?;
        let delivery = match resolution {
            Resolution::Retry => Delivery { state: DeliveryState::Queued, error: None },
            Resolution::Delivered => Delivery { state: DeliveryState::Sent, error: None },
        };
        change.audited("messageDeliverySettle").write(&mut change.session.tx).await?;
        let now = change.session.now;
        let tx = &mut change.session.tx;
        let mut events = Vec::with_capacity(items.len());
        for item in &items {
            tx.set_delivery(item.id, &delivery, None).await?;
            events.push(message_event(item, EventKind::MessageUpdated, Cause::Delivery, now));
        }
        if resolution == Resolution::Retry {
            for item in &mut items {
                upload_anew(tx, item).await?;
            }
            if let Some(call) = call_for(tx, &items).await? {
                tx.insert_call(&call, self.now()).await?;
            }
        }
        tx.append_events(&events, self.now()).await?;
        let message = tx.message(id).await?.ok_or(Error::NotFound("message"))?;
        self.commit(change.session.tx).await?;
        Ok(message)
    }
}

/// Has a file go out as it is in the desk: what Telegram called it before may be what it refused.
async fn upload_anew(tx: &mut Tx, message: &mut Message) -> Result<(), Error> {
    let Some(media) = message.content.media.as_mut().filter(|media| media.file_id.is_some()) else { return Ok(()) };
    if media.telegram_file_id.take().is_some() {
        tx.set_content(message.id, &message.content).await?;
    }
    Ok(())
}
