//! What goes along with an escalation.

use async_graphql::{Enum, Object};
use futures_util::future::try_join_all;

use crate::schema::customer::Customer;
use crate::schema::error::Result;
use crate::schema::message::Message;
use crate::schema::scalar::DateTime;
use crate::view::View;

/// How a customer feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::escalation::Emotion")]
pub(crate) enum CustomerEmotion {
    /// As usual.
    Calm,
    /// Not content.
    Dissatisfied,
    /// Swears or insults.
    Angry,
    /// Announces consequences.
    Threatening,
}

pub(crate) struct EscalationPacket {
    row: domain::escalation::Packet,
    view: View,
}

impl EscalationPacket {
    pub(super) fn new(row: domain::escalation::Packet, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// What goes along with an escalation, so that nobody has to ask again. Where the form was skipped, as much as the desk knew.
#[Object]
impl EscalationPacket {
    /// The customer. Null if you see none of their sessions, or if they were erased.
    async fn customer(&self) -> Result<Option<Customer>> {
        let Some(id) = self.row.customer_id else { return Ok(None) };
        let customer = self.view.loaders().customers().load(id).await?;
        Ok(customer.map(|customer| Customer::new(customer, &self.view)))
    }

    /// The Telegram user name of the customer without `@`, as it was then. Null if they had none.
    fn username(&self) -> Option<&str> {
        self.row.username.as_deref()
    }

    /// The name of the customer as it was then.
    fn customer_name(&self) -> &str {
        &self.row.customer_name
    }

    /// The problem in the customer's own words.
    fn problem(&self) -> &str {
        &self.row.problem
    }

    /// What was tried.
    fn solutions(&self) -> &[String] {
        &self.row.solutions
    }

    /// The messages that show what it is about, with their attachments, oldest first; those of them that you see.
    async fn key_messages(&self) -> Result<Vec<Message>> {
        let messages = self.view.loaders().messages();
        let found = try_join_all(self.row.key_message_ids.iter().map(|id| messages.load(*id))).await?;
        Ok(found.into_iter().flatten().map(|message| Message::new(message, &self.view)).collect())
    }

    /// How the customer feels. Null if nobody said so and their words do not show it.
    fn emotion(&self) -> Option<CustomerEmotion> {
        self.row.emotion.map(CustomerEmotion::from)
    }

    /// When the problem was first seen. Null if that is not known.
    fn first_seen_at(&self) -> Option<DateTime> {
        self.row.first_seen_at.map(DateTime::from)
    }

    /// Whether screenshots or logs were asked for, or are there. Null if nobody said so.
    fn evidence_requested(&self) -> Option<bool> {
        self.row.evidence_requested
    }

    /// By when the customer expects it to be resolved. Null if nobody said so.
    fn expected_resolution_at(&self) -> Option<DateTime> {
        self.row.expected_resolution_at.map(DateTime::from)
    }
}
