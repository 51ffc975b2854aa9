//! Resolving tickets.

use domain::event::Cause;
use domain::ticket::{TicketCause, TicketText, TicketTextRefusal};
use domain::{ApiScope, Project, Session, Ticket, TicketId, Time};
use store::Tx;

use super::TicketRefusal;
use super::change::{Step, record};
use crate::retry::retried;
use crate::{Actor, Desk, Rejected, aftercare};

/// What is said of a ticket that is resolved with its session, if nothing is said of that.
const WITH_SESSION: &str = "Resolved with its session";

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
    /// Resolves a ticket, with what was done. Its session goes on as it is, with whoever has it; the customer is asked how
    /// satisfied they are once nothing of it is escalated any more.
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
        let mut change = self
            .change_own_ticket(self.store.begin().await?, actor, id, expected_version)
            .await
            .map_err(Rejected::widened)?;
        if !change.ticket.is_open() {
            return Err(TicketResolveRefusal::AlreadyResolved.into());
        }
        change.ticket.resolve(resolution.as_str().to_owned(), change.now);
        let of_session = change.tx.tickets_of_sessions(&[change.session.id.0]).await?;
        if !of_session.iter().any(|other| other.id != id && other.leads_session()) {
            let resolved = (&change.session, &change.ticket);
            let by = Some(change.agent.id);
            aftercare::after_ticket(&mut change.tx, &change.project, resolved, by, change.wall).await?;
        }
        Ok(self.finish_ticket(change, TicketCause::Resolved, "ticketResolve").await?)
    }
}

/// Resolves the tickets that came of a session together with it, whoever works on them: the customer has what they wanted. The
/// session is locked, and resolved. Answers which they are.
pub(crate) async fn resolve_with_session(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    wall: Time,
) -> Result<Vec<TicketId>, store::Error> {
    let mut resolved = Vec::new();
    let Some(resolution) = &session.resolution else { return Ok(resolved) };
    let summary = Some(resolution.summary.as_str()).filter(|summary| !summary.is_empty()).unwrap_or(WITH_SESSION);
    for known in tx.tickets_of_sessions(&[session.id.0]).await?.into_iter().rev().filter(Ticket::is_open) {
        let Some(mut ticket) = tx.lock_ticket(known.id).await?.filter(Ticket::is_open) else { continue };
        let before = ticket.clone();
        ticket.resolve(summary.to_owned(), resolution.at);
        let step = Step { cause: Cause::Resolved, entry: TicketCause::Resolved, by: resolution.by };
        record(tx, project, &before, &mut ticket, step, wall).await?;
        resolved.push(ticket.id);
    }
    Ok(resolved)
}
