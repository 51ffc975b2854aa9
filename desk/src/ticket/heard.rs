//! Tickets that waited for their customer.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::event::Cause;
use domain::ticket::TicketCause;
use domain::{Project, SessionId, Ticket, TicketId, Time};
use store::Tx;

use super::change::{Step, record};

/// Locks tickets, the newest of which is first, after their sessions and before any clock of theirs. They may be those of
/// earlier sessions than those that are locked already.
pub(crate) async fn lock(tx: &mut Tx, tickets: &[&Ticket]) -> Result<(), store::Error> {
    let newest_first: BTreeSet<Reverse<SessionId>> = tickets.iter().map(|ticket| Reverse(ticket.session_id)).collect();
    for Reverse(session) in newest_first {
        tx.lock_session(session).await?;
    }
    for ticket in tickets {
        tx.lock_ticket(ticket.id).await?;
    }
    Ok(())
}

/// A customer has written, and a ticket of theirs, which is locked, waited for that: it goes on.
pub(crate) async fn customer_wrote(
    tx: &mut Tx,
    project: &Project,
    waited: TicketId,
    wall: Time,
) -> Result<(), store::Error> {
    let Some(mut ticket) = tx.tickets(&[waited.0]).await?.pop() else { return Ok(()) };
    let before = ticket.clone();
    if !ticket.hear() {
        return Ok(());
    }
    let step = Step { cause: Cause::CustomerMessage, entry: TicketCause::CustomerReplied, by: None };
    record(tx, project, &before, &mut ticket, step, wall).await
}
