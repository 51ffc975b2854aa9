//! What happens to the clocks of a ticket when something happens to it. Each is done in the transaction that does that,
//! after the session and the ticket were locked.

use domain::event::Cause;
use domain::sla::{Change, Clock, Metric};
use domain::ticket::{Ticket, TicketStatus};
use domain::{Project, Session, Time};
use store::Tx;

use super::before::awaits_answer;
use super::open_clocks::{OpenClocks, write};
use super::owed::promise_what_is_owed;
use super::pauses::{fit_pauses, pause_or_resume};
use super::promises::{About, Promises};

/// A ticket was opened. What is escalated or complained about goes by the times of the ticket from then on, so that those of
/// its session are owed no more unless they are late already. Of anything else the first answer is owed to who waits for
/// one. Whoever escalates a session brings it to where it asks for a look.
pub(crate) async fn ticket_opened(tx: &mut Tx, project: &Project, ticket: &Ticket) -> Result<(), store::Error> {
    let at = ticket.escalated_at.unwrap_or(ticket.created_at);
    let session = match ticket.escalated_at {
        Some(_) => None,
        None => tx.session(ticket.session_id).await?,
    };
    let awaits = session.as_ref().is_some_and(Session::awaits_customer);
    if ticket.leads_session() {
        take_over(tx, project, ticket, awaits, at).await?;
    }
    let is_answer_owed = ticket.leads_session() || session.as_ref().is_some_and(awaits_answer);
    let first = is_answer_owed.then_some(Metric::FirstResponse);
    start(tx, project, ticket, first.into_iter().chain([Metric::Resolution]), at).await?;
    if awaits { fit_pauses(tx, project, ticket.session_id, awaits, at).await } else { Ok(()) }
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
        return if before.is_open() { resolved(tx, project, after, cause, at).await } else { Ok(()) };
    }
    if let Some(escalated_at) = after.escalated_at.filter(|_| after.escalated_at != before.escalated_at) {
        // The time of who gets it begins with the escalation.
        end(tx, project, after, false, escalated_at).await?;
        take_over(tx, project, after, false, escalated_at).await?;
        return start(tx, project, after, [Metric::FirstResponse, Metric::Resolution], escalated_at).await;
    }
    if before.is_open() && (before.kind, before.priority) != (after.kind, after.priority) {
        promise_anew(tx, project, after, at).await?;
    }
    let is_open_again = !before.is_open();
    let leads_otherwise = before.leads_session() != after.leads_session();
    let waits_otherwise = (before.status == TicketStatus::Waiting) != (after.status == TicketStatus::Waiting);
    if !is_open_again && !leads_otherwise && !waits_otherwise {
        return Ok(());
    }
    let Some(session) = tx.session(after.session_id).await? else { return Ok(()) };
    let awaits = session.awaits_customer();
    if is_open_again {
        start(tx, project, after, [Metric::Resolution], at).await?;
    }
    if leads_otherwise {
        if after.leads_session() {
            take_over(tx, project, after, awaits, at).await?;
        }
        go_on_waiting(tx, project, &session, at).await?;
    }
    fit_pauses(tx, project, after.session_id, awaits, at).await
}

fn is_of(clock: &Clock, ticket: &Ticket) -> bool {
    clock.ticket_id == Some(ticket.id)
}

async fn start(
    tx: &mut Tx,
    project: &Project,
    ticket: &Ticket,
    metrics: impl IntoIterator<Item = Metric>,
    at: Time,
) -> Result<(), store::Error> {
    let promises = Promises::of_one(tx, project.id).await?;
    let new: Vec<_> =
        metrics.into_iter().map(|metric| promises.clock(project, About::ticket(ticket), metric, at)).collect();
    tx.start_sla_clocks(&new).await
}

/// A ticket was resolved. If that was not done with its session, whoever waits in that one goes on waiting.
async fn resolved(tx: &mut Tx, project: &Project, ticket: &Ticket, cause: Cause, at: Time) -> Result<(), store::Error> {
    end(tx, project, ticket, cause != Cause::Erasure, at).await?;
    if cause != Cause::Ticket {
        return Ok(());
    }
    match tx.session(ticket.session_id).await? {
        Some(session) => go_on_waiting(tx, project, &session, at).await,
        None => Ok(()),
    }
}

/// The clocks of a ticket end: it is resolved, or others are to begin.
async fn end(tx: &mut Tx, project: &Project, ticket: &Ticket, is_done: bool, at: Time) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, ticket.session_id).await?;
    let updates = open.decide(project, at, |clock, _, _| {
        let is_kept = is_done && clock.metric == Metric::Resolution;
        is_of(clock, ticket).then_some(if is_kept { Change::Satisfied } else { Change::Cancelled })
    });
    write(tx, &updates, project.wall(at)).await
}

/// What is promised about a session was promised by a ticket, or is to be from now on: nothing that is owed to who waits in
/// it gets lost by that.
async fn go_on_waiting(tx: &mut Tx, project: &Project, session: &Session, at: Time) -> Result<(), store::Error> {
    let goes_on = session.is_open() && session.resolution.is_none();
    if goes_on && awaits_answer(session) { promise_what_is_owed(tx, project, session, at).await } else { Ok(()) }
}

/// The session's own promises are owed no more, but those that are late. Other tickets go on as the session does, which waits
/// for its customer from now on if that is `awaits`.
async fn take_over(
    tx: &mut Tx,
    project: &Project,
    ticket: &Ticket,
    awaits: bool,
    at: Time,
) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, ticket.session_id).await?;
    let tickets = open.tickets(tx).await?;
    let updates = open.decide(project, at, |clock, timeline, is_late| {
        if clock.ticket_id.is_none() && !is_late {
            return Some(Change::Cancelled);
        }
        pause_or_resume(clock, timeline, awaits, &tickets)
    });
    write(tx, &updates, project.wall(at)).await
}

/// The ticket is of another type or priority, by which something else may be promised from now on.
async fn promise_anew(tx: &mut Tx, project: &Project, ticket: &Ticket, at: Time) -> Result<(), store::Error> {
    let promises = Promises::of_one(tx, project.id).await?;
    let policy = promises.policy(project.id);
    let mut open = OpenClocks::of_session(tx, ticket.session_id).await?;
    open.know(promises.hours());
    let subject = About::ticket(ticket).subject;
    let updates = open.promise_anew(project, &policy, subject, at, |clock| is_of(clock, ticket));
    write(tx, &updates, project.wall(at)).await
}
