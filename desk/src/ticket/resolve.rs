//! Resolving a ticket.

use domain::ticket::{TicketCause, TicketText, TicketTextRefusal};
use domain::{ApiScope, Ticket, TicketId};

use super::TicketRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why a ticket was not resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketResolveRefusal {
    /// As for every change of a ticket.
    #[error(transparent)]
    Ticket(#[from] TicketRefusal),
    /// What was done cannot be taken.
    #[error(transparent)]
    Resolution(#[from] TicketTextRefusal),
    /// It is resolved.
    #[error("the ticket is resolved already")]
    AlreadyResolved,
}

impl<E: Into<TicketResolveRefusal>> From<E> for Rejected<TicketResolveRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Resolves a ticket, with what was done. Its session goes on as it is.
    pub async fn ticket_resolve(
        &self,
        actor: &Actor,
        id: TicketId,
        resolution: &str,
        expected_version: Option<i64>,
    ) -> Result<Ticket, Rejected<TicketResolveRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let resolution = TicketText::parse(resolution)?;
        retried(|| self.try_ticket_resolve(actor, id, &resolution, expected_version)).await
    }

    async fn try_ticket_resolve(
        &self,
        actor: &Actor,
        id: TicketId,
        resolution: &TicketText,
        expected_version: Option<i64>,
    ) -> Result<Ticket, Rejected<TicketResolveRefusal>> {
        let mut change = self.change_own_ticket(actor, id, expected_version).await.map_err(Rejected::widened)?;
        if !change.ticket.is_open() {
            return Err(TicketResolveRefusal::AlreadyResolved.into());
        }
        change.ticket.resolve(resolution.as_str().to_owned(), change.now);
        Ok(self.finish_ticket(change, TicketCause::Resolved, "ticketResolve").await?)
    }
}
