//! Writing down what came of a call.

use domain::event::Cause;
use domain::{Delivery, DeliveryState, EventKind, MessageId, Time};
use store::Tx;
use store::outbox::{OpenTry, OutboxState, QueuedCall};

use crate::message::message_event;
use crate::{Desk, Error};

const NOT_SENT: &str = "the message was not sent: write it again if it is still wanted";

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Telegram took it, under this number if the answer could be read.
    Sent {
        /// The number of the message within its chat.
        telegram_message_id: Option<i64>,
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

impl Desk {
    /// Writes down what came of an attempt at a call. One that was given up in the meantime
    /// is still settled by the truth when it comes; one that another attempt has taken over
    /// is left alone.
    pub async fn settle_call(&self, call: &QueuedCall, attempt: &str, outcome: &Outcome) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        let Some(OpenTry { state, message_id }) = tx.lock_try(call.id, attempt).await? else {
            tracing::warn!(call = %call.id, "an attempt ended that is no longer the call's own");
            return Ok(tx.roll_back().await?);
        };
        let now = self.now();
        let (state, delivery, telegram_message_id) = match outcome {
            // Agents were told that nobody can tell, and may have written it again.
            Outcome::Again { reason, .. } if state == OutboxState::Unknown => {
                let error = format!("{NOT_SENT} ({reason})");
                (OutboxState::Failed, Delivery { state: DeliveryState::Failed, error: Some(error) }, None)
            }
            Outcome::Again { at, counts, reason } => {
                tx.requeue_call(call.id, *at, *counts, reason).await?;
                return self.commit(tx).await;
            }
            Outcome::Sent { telegram_message_id } => {
                (OutboxState::Sent, Delivery { state: DeliveryState::Sent, error: None }, *telegram_message_id)
            }
            Outcome::Failed { reason, .. } => {
                (OutboxState::Failed, Delivery { state: DeliveryState::Failed, error: Some(reason.clone()) }, None)
            }
            Outcome::Unknown { reason } => {
                (OutboxState::Unknown, Delivery { state: DeliveryState::Unknown, error: Some(reason.clone()) }, None)
            }
        };
        tx.settle_call(call.id, state, delivery.error.as_deref(), now).await?;
        if let Some(message_id) = message_id {
            let unreachable = matches!(outcome, Outcome::Failed { unreachable: true, .. });
            let customer = self.deliver(&mut tx, message_id, delivery, telegram_message_id).await?;
            if let Some((customer, at)) = customer.filter(|_| unreachable) {
                tx.set_unreachable(customer, at).await?;
            }
        }
        self.commit(tx).await
    }

    /// Writes a message's delivery with its event. Answers whose message it is, and the time
    /// on the project's clock.
    pub(super) async fn deliver(
        &self,
        tx: &mut Tx,
        message_id: MessageId,
        delivery: Delivery,
        telegram_message_id: Option<i64>,
    ) -> Result<Option<(domain::CustomerId, Time)>, Error> {
        let Some(message) = tx.message(message_id).await? else { return Ok(None) };
        let project = tx.project(message.project_id).await?.ok_or(Error::NotFound("project"))?;
        let now = project.time(self.now());
        tx.set_delivery(message_id, &delivery, telegram_message_id).await?;
        let event = message_event(&message, EventKind::MessageUpdated, Cause::Delivery, now);
        tx.append_events(&[event], self.now()).await?;
        Ok(Some((message.customer_id, now)))
    }
}
