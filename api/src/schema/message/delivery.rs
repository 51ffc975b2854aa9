//! The delivery of a message.

use async_graphql::{Enum, SimpleObject};

use crate::schema::error::sentence;

/// How far a message has come on its way to Telegram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DeliveryState")]
pub(crate) enum DeliveryState {
    /// Stored, waiting for its turn or being sent.
    Queued,
    /// Telegram accepted it.
    Sent,
    /// Telegram refused it, and would refuse it again.
    Failed,
    /// The connection broke after the message went out, so that nobody can tell whether Telegram accepted it. It is not
    /// sent again by itself, lest the customer reads it twice: settle it by `messageDeliverySettle`.
    Unknown,
}

/// The delivery of a message to Telegram.
#[derive(SimpleObject)]
pub(crate) struct MessageDelivery {
    /// How far the message has come.
    state: DeliveryState,
    /// Why the message failed or why its fate is unknown, in words for the agent. Null while nothing is wrong.
    error: Option<String>,
    /// The number that Telegram gave the message within its chat, in decimal digits. Null until it is sent.
    telegram_message_id: Option<String>,
}

impl MessageDelivery {
    /// The delivery of an outbound message; nothing for an inbound one.
    pub(super) fn of(message: &domain::Message) -> Option<Self> {
        let delivery = message.delivery.as_ref()?;
        Some(Self {
            state: delivery.state.into(),
            error: delivery.error.as_ref().map(sentence),
            telegram_message_id: message.telegram_message_id.map(|id| id.to_string()),
        })
    }
}
