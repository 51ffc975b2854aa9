//! What happens to the clocks of a ticket when something happens to it. Each is done in the transaction that does that,
//! after the session and the ticket were locked.

use domain::event::Cause;
use domain::sla::{Change, Clock, Metric, Subject};
use domain::ticket::{Ticket, TicketKind, TicketStatus};
use domain::{Project, Time};
use store::Tx;

use super::open_clocks::{OpenClocks, write};
use super::promises::{About, Promises};

/// A ticket was opened. What is escalated or complained about goes by the times of the ticket from then on, so that
/// those of its session are owed no more unless they are late already.
pub(crate) async fn ticket_opened(tx: &mut Tx, project: &Project, ticket: &Ticket) -> Result<(), store::Error> {
    let at = ticket.escalated_at.unwrap_or(ticket.created_at);
    if ticket.kind != TicketKind::Standard {
        take_over(tx, project, ticket, at).await?;
    }
    start(tx, project, ticket, &[Metric::FirstResponse, Metric::Resolution], at).await
}

/// A ticket changed. One that is resolved since its customer was erased keeps no promise by that.
pub(crate) async fn ticket_changed(
    tx: &mut Tx,
    project: &Project,
    before: &Ticket,
    after: &Ticket,
    cause: Cause,
) -> Result<(), store::Error> {
    let at = after.updated_at;
    if !after.is_open() {
        let is_done = cause != Cause::Erasure;
        return if before.is_open() { end(tx, project, after, is_done, at).await } else { Ok(()) };
    }
    if let Some(escalated_at) = after.escalated_at.filter(|_| after.escalated_at != before.escalated_at) {
        // The time of who gets it begins with the escalation.
        end(tx, project, after, false, escalated_at).await?;
        take_over(tx, project, after, escalated_at).await?;
        return start(tx, project, after, &[Metric::FirstResponse, Metric::Resolution], escalated_at).await;
    }
    if !before.is_open() {
        return start(tx, project, after, &[Metric::Resolution], at).await;
    }
    if (before.kind, before.priority) != (after.kind, after.priority) {
        promise_anew(tx, project, after, at).await?;
    }
    let waits = after.status == TicketStatus::Waiting;
    if waits != (before.status == TicketStatus::Waiting) {
        let open = OpenClocks::of_session(tx, after.session_id).await?;
        let updates = open.decide(project, at, |clock, timeline, _| {
            let is_new = is_of(clock, after) && timeline.waits_for_customer() != waits;
            is_new.then_some(if waits { Change::Paused } else { Change::Resumed })
        });
        write(tx, &updates, project.wall(at)).await?;
    }
    Ok(())
}

fn is_of(clock: &Clock, ticket: &Ticket) -> bool {
    clock.ticket_id == Some(ticket.id)
}

async fn start(
    tx: &mut Tx,
    project: &Project,
    ticket: &Ticket,
    metrics: &[Metric],
    at: Time,
) -> Result<(), store::Error> {
    let about = About {
        session_id: ticket.session_id,
        customer_id: ticket.customer_id,
        ticket_id: Some(ticket.id),
        subject: Subject::Ticket { kind: ticket.kind, priority: ticket.priority },
    };
    let promises = Promises::of_one(tx, project.id).await?;
    let new: Vec<_> = metrics.iter().map(|metric| promises.clock(project, about, *metric, at)).collect();
    tx.start_sla_clocks(&new).await
}

/// The clocks of a ticket end: it is resolved, or others are to begin. What is late stays so.
async fn end(tx: &mut Tx, project: &Project, ticket: &Ticket, is_done: bool, at: Time) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, ticket.session_id).await?;
    let updates = open.decide(project, at, |clock, _, is_late| {
        if !is_of(clock, ticket) {
            return None;
        }
        let is_kept = is_done && clock.metric == Metric::Resolution;
        Some(if is_kept || is_late { Change::Satisfied } else { Change::Cancelled })
    });
    write(tx, &updates, project.wall(at)).await
}

/// The session's own promises are owed no more, but those that are late.
async fn take_over(tx: &mut Tx, project: &Project, ticket: &Ticket, at: Time) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, ticket.session_id).await?;
    let updates = open
        .decide(project, at, |clock, _, is_late| (clock.ticket_id.is_none() && !is_late).then_some(Change::Cancelled));
    write(tx, &updates, project.wall(at)).await
}

/// The ticket is of another type or priority, by which something else is promised from now on.
async fn promise_anew(tx: &mut Tx, project: &Project, ticket: &Ticket, at: Time) -> Result<(), store::Error> {
    let promises = Promises::of_one(tx, project.id).await?;
    let policy = promises.policy(project.id);
    let subject = Subject::Ticket { kind: ticket.kind, priority: ticket.priority };
    let mut open = OpenClocks::of_session(tx, ticket.session_id).await?;
    open.know(promises.hours());
    let mut updates = open.decide(project, at, |clock, _, _| {
        is_of(clock, ticket).then(|| Change::PolicyChanged(policy.terms(clock.metric, subject)))
    });
    for update in &mut updates {
        update.clock.kind = ticket.kind;
        update.clock.priority = Some(ticket.priority);
        update.clock.policy_version = policy.version;
    }
    write(tx, &updates, project.wall(at)).await
}
