//! What is promised of a ticket, and when its team works.

use domain::ticket::first_response;
use domain::{Project, TeamId, Ticket, TicketStatus, Time};
use store::Tx;

/// By when somebody answers a ticket; nothing once somebody is on it.
pub(super) async fn promise(_tx: &mut Tx, _project: &Project, ticket: &Ticket) -> Result<Option<Time>, store::Error> {
    let begins = ticket.escalated_at.unwrap_or(ticket.created_at);
    let due = begins + first_response(ticket.kind, ticket.priority);
    Ok((ticket.status == TicketStatus::Open).then_some(due))
}

/// When a team that is off duty works again; nothing while it is on duty. `now` is the project's clock.
pub(super) async fn next_work(
    _tx: &mut Tx,
    _project: &Project,
    _team: TeamId,
    _now: Time,
) -> Result<Option<Time>, store::Error> {
    Ok(None)
}
