//! Forgetting what tickets say of a customer.

use domain::event::Cause;
use domain::ticket::TicketCause;
use domain::{Project, Time};
use store::Tx;

use super::change::{Step, record};
use super::{create, escalate};

/// Empties the tickets of these sessions, which are locked, and what went along with their escalations. That there were any
/// stays.
pub(crate) async fn erase(tx: &mut Tx, project: &Project, sessions: &[i64], wall: Time) -> Result<(), store::Error> {
    let tickets = tx.tickets_of_sessions(sessions).await?;
    let ids: Vec<i64> = tickets.iter().map(|ticket| ticket.id.0).collect();
    let escalations = tx.escalations_of_tickets(&ids).await?;
    let escalations: Vec<i64> = escalations.iter().map(|escalation| escalation.id.0).collect();
    tx.erase_escalations(&ids).await?;
    tx.erase_ticket_messages(&ids).await?;
    tx.forget_requests(create::OPERATION, &ids).await?;
    tx.forget_requests(escalate::OPERATION, &escalations).await?;
    for id in tickets.iter().rev().map(|ticket| ticket.id) {
        let Some(mut ticket) = tx.lock_ticket(id).await? else { continue };
        let before = ticket.clone();
        ticket.description.clear();
        ticket.resolution = ticket.resolution.map(|_| String::new());
        if ticket.is_open() {
            ticket.resolve(String::new(), project.time(wall));
        }
        let step = Step { cause: Cause::Erasure, entry: TicketCause::Erased, by: None };
        record(tx, project, &before, &mut ticket, step, wall).await?;
    }
    Ok(())
}
