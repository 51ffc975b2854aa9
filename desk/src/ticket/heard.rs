//! Tickets that waited for their customer.

use domain::event::Cause;
use domain::ticket::TicketCause;
use domain::{Project, SessionId, Ticket, Time};
use store::Tx;

use super::change::{Step, record};

/// A customer has written in a session, which is locked, and a ticket of theirs waited for that: it goes on. It may be one
/// of an earlier session, which is locked before it.
pub(crate) async fn customer_wrote(
    tx: &mut Tx,
    project: &Project,
    session: SessionId,
    waited: &Ticket,
    wall: Time,
) -> Result<(), store::Error> {
    if waited.session_id != session {
        tx.lock_session(waited.session_id).await?;
    }
    let Some(mut ticket) = tx.lock_ticket(waited.id).await? else { return Ok(()) };
    let before = ticket.clone();
    if !ticket.hear() {
        return Ok(());
    }
    let step = Step { cause: Cause::CustomerMessage, entry: TicketCause::CustomerReplied, by: None };
    record(tx, project, &before, &mut ticket, step, wall).await
}
