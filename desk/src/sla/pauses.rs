//! Time that stands still while the customer is waited for.

use std::collections::HashMap;

use domain::sla::{Change, Clock, Metric, Timeline};
use domain::ticket::TicketStatus;
use domain::{Project, SessionId, Ticket, TicketId, Time};
use store::Tx;

use super::open_clocks::{OpenClocks, write};

/// Has what is promised about a session and its tickets stand still or go on, as they stand now. `awaits` is whether the
/// session waits for its customer.
pub(super) async fn fit_pauses(
    tx: &mut Tx,
    project: &Project,
    session: SessionId,
    awaits: bool,
    at: Time,
) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, session).await?;
    let tickets = open.tickets(tx).await?;
    let updates = open.decide(project, at, |clock, timeline, _| pause_or_resume(clock, timeline, awaits, &tickets));
    write(tx, &updates, project.wall(at)).await
}

/// How a clock stands still or goes on from now on, if it does so otherwise than before. Only the resolution waits for the
/// customer, with the session or with its ticket: an answer that is owed is owed.
pub(super) fn pause_or_resume(
    clock: &Clock,
    timeline: &Timeline,
    awaits: bool,
    tickets: &HashMap<TicketId, Ticket>,
) -> Option<Change> {
    let ticket = clock.ticket_id.and_then(|ticket| tickets.get(&ticket));
    let waits = awaits || ticket.is_some_and(|ticket| ticket.status == TicketStatus::Waiting);
    if clock.metric != Metric::Resolution || timeline.waits_for_customer() == waits {
        return None;
    }
    Some(if waits { Change::Paused } else { Change::Resumed })
}
