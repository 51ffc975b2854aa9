//! Linking messages to a ticket.

use std::collections::BTreeSet;

use domain::ticket::{MOST_LINKED_MESSAGES, TicketCause};
use domain::{ApiScope, MessageId, Ticket, TicketId};

use super::TicketRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why messages were not linked to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketLinkRefusal {
    /// As for every change of a ticket.
    #[error(transparent)]
    Ticket(#[from] TicketRefusal),
    /// A message is not one of the ticket's session, or the session does not go on for the actor.
    #[error("there is no such message in the session of the ticket")]
    NoSuchMessage,
    /// There would be more than [`MOST_LINKED_MESSAGES`].
    #[error("a ticket has at most {MOST_LINKED_MESSAGES} messages linked to it")]
    TooMany,
}

impl<E: Into<TicketLinkRefusal>> From<E> for Rejected<TicketLinkRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Links messages of its session to a ticket. What is linked already stays so.
    pub async fn ticket_messages_link(
        &self,
        actor: &Actor,
        id: TicketId,
        messages: &[MessageId],
    ) -> Result<Ticket, Rejected<TicketLinkRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_ticket_messages_link(actor, id, messages)).await
    }

    async fn try_ticket_messages_link(
        &self,
        actor: &Actor,
        id: TicketId,
        messages: &[MessageId],
    ) -> Result<Ticket, Rejected<TicketLinkRefusal>> {
        let mut change =
            self.change_own_ticket(self.store.begin().await?, actor, id, None).await.map_err(Rejected::widened)?;
        let linked = change.tx.ticket_messages(&[id.0]).await?;
        let together: BTreeSet<MessageId> = linked.iter().map(|(_, known)| known).chain(messages).copied().collect();
        if together.len() > MOST_LINKED_MESSAGES {
            return Err(TicketLinkRefusal::TooMany.into());
        }
        let numbers: Vec<i64> = messages.iter().map(|message| message.0).collect();
        let found = change.tx.messages(&numbers).await?;
        let is_there = |id: &MessageId| found.iter().any(|one| one.id == *id && one.session_id == change.session.id);
        if !change.sees_session() || !messages.iter().all(is_there) {
            return Err(TicketLinkRefusal::NoSuchMessage.into());
        }
        let mut is_changed = false;
        for message in messages {
            is_changed |= change.tx.link_ticket_message(id, *message, false).await?;
        }
        if !is_changed {
            return Ok(change.ticket);
        }
        Ok(self.finish_ticket(change, TicketCause::MessagesLinked, "ticketMessagesLink").await?)
    }
}
