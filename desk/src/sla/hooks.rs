//! What happens to the clocks of a session when something happens in it. Each is done in the transaction that does
//! that, after the session was locked.

use std::collections::{BTreeSet, HashMap};

use domain::event::Cause;
use domain::sla::{Change, Clock, Metric, Subject};
use domain::ticket::{TicketKind, TicketStatus};
use domain::{CloseReason, CustomerId, Project, Session, SessionId, SlaClockId, TeamId, Ticket, Time};
use store::Tx;
use store::sla::NewClock;

use super::before::Before;
use super::open_clocks::{OpenClocks, write};
use super::owed::{Debt, Owed, complaints, kind_of, promise_what_is_owed};
use super::pauses::{fit_pauses, pause_or_resume};
use super::promises::Promises;
use crate::ticket;

/// A session in which the customer wrote.
pub(crate) struct Waiting<'a> {
    /// Its project.
    pub(crate) project: &'a Project,
    /// The session after that.
    pub(crate) session: &'a Session,
    /// What it was like before.
    pub(crate) before: Before,
    /// When it was, on the project's clock.
    pub(crate) message_at: Time,
}

/// Customers wrote, each in one session, which is as it is after that. An answer is owed from the first message on that
/// nobody has answered, and a resolution from the first of a new matter on. What waited for a customer goes on. Where they
/// go on writing nothing changes, which takes one look for all of them. `wall` is the wall clock.
pub(crate) async fn sessions_wait(tx: &mut Tx, waiting: &[Waiting<'_>], wall: Time) -> Result<(), store::Error> {
    let by_customer: HashMap<CustomerId, &Waiting<'_>> =
        waiting.iter().map(|one| (one.session.customer_id, one)).collect();
    let owed = Owed::to(tx, by_customer.keys().copied()).await?;
    let waited = owed.waiting_tickets();
    ticket::lock(tx, &waited).await?;
    go_on(tx, &by_customer, &owed, wall).await?;
    for waited in waited {
        let Some(one) = by_customer.get(&waited.customer_id) else { continue };
        // Boxed, since it is rare and every message would carry the room for it.
        Box::pin(ticket::customer_wrote(tx, one.project, waited.id, wall)).await?;
    }
    promise(tx, waiting, &owed).await
}

/// Has the time go on that stood still while these customers were waited for.
async fn go_on(
    tx: &mut Tx,
    by_customer: &HashMap<CustomerId, &Waiting<'_>>,
    owed: &Owed,
    wall: Time,
) -> Result<(), store::Error> {
    let waited = |clock: &&Clock| {
        let Some(one) = by_customer.get(&clock.customer_id) else { return false };
        let with_session = one.before.awaited_customer && clock.session_id == one.session.id;
        let with_ticket = owed.ticket_of(clock).is_some_and(|ticket| ticket.status == TicketStatus::Waiting);
        clock.metric == Metric::Resolution && (with_session || with_ticket)
    };
    let waited: BTreeSet<(SlaClockId, SessionId)> =
        owed.clocks().filter(waited).map(|clock| (clock.id, clock.session_id)).collect();
    if waited.is_empty() {
        return Ok(());
    }
    let sessions: BTreeSet<i64> = waited.iter().map(|(_, session)| session.0).collect();
    let open = OpenClocks::of_sessions(tx, &Vec::from_iter(sessions)).await?;
    let moment = |clock: &Clock| {
        let one = by_customer.get(&clock.customer_id)?;
        waited.contains(&(clock.id, clock.session_id)).then_some((one.project, one.message_at))
    };
    let updates = open.decide_each(moment, |_, timeline, _| timeline.waits_for_customer().then_some(Change::Resumed));
    write(tx, &updates, wall).await
}

/// Promises what is owed in these sessions and not promised yet.
async fn promise(tx: &mut Tx, waiting: &[Waiting<'_>], owed: &Owed) -> Result<(), store::Error> {
    let begun: Vec<&Waiting<'_>> = waiting.iter().filter(|one| owed.is_short(one.session.id)).collect();
    if begun.is_empty() {
        return Ok(());
    }
    let promises = Promises::of(tx, begun.iter().map(|one| one.project.id)).await?;
    let complaints = complaints(tx, begun.iter().map(|one| one.session.id)).await?;
    let unpromised = |one: &&Waiting<'_>| {
        let Waiting { project, session, before, message_at } = **one;
        let is_complaint = complaints.contains(&session.id);
        let kind = if is_complaint { TicketKind::Complaint } else { TicketKind::Standard };
        // Who waited before has done so since then.
        let waited_since = session.waiting_since.filter(|_| before.waited);
        let answer_since = Some(waited_since.unwrap_or(message_at));
        owed.unpromised(&promises, &Debt { project, session, kind, answer_since, since: message_at })
    };
    let new: Vec<NewClock> = begun.iter().flat_map(unpromised).collect();
    tx.start_sla_clocks(&new).await
}

/// An agent answered in a session, in words of their own: what the desk writes by itself is no answer. It is one as well
/// about the tickets of earlier sessions of the customer that are the agent's or of a team of theirs.
pub(crate) async fn session_answered(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    at: Time,
) -> Result<(), store::Error> {
    let open = OpenClocks::of_customer(tx, session.customer_id).await?;
    let tickets = open.tickets(tx).await?;
    let earlier = tickets.values().filter(|ticket| ticket.session_id != session.id);
    let teams: BTreeSet<i64> = earlier.filter_map(|ticket| Some(ticket.team_id?.0)).collect();
    let members = if teams.is_empty() { Vec::new() } else { tx.team_members(&Vec::from_iter(teams)).await? };
    let is_theirs = |ticket: &Ticket| {
        let Some(agent) = session.assignee_id else { return false };
        let is_in = |team: TeamId| session.team_id == Some(team) || members.contains(&(team, agent));
        ticket.assignee_id == Some(agent) || ticket.team_id.is_some_and(is_in)
    };
    let updates = open.decide(project, at, |clock, timeline, _| {
        let is_here = clock.session_id == session.id;
        if clock.metric == Metric::Resolution {
            // Who answers waits for nothing.
            return if is_here { pause_or_resume(clock, timeline, session.awaits_customer(), &tickets) } else { None };
        }
        let ticket = clock.ticket_id.and_then(|ticket| tickets.get(&ticket));
        (is_here || ticket.is_some_and(is_theirs)).then_some(Change::Satisfied)
    });
    write(tx, &updates, project.wall(at)).await
}

/// Somebody, or the time for which it waited, brought a session to stand where it stands now. If it was over or resolved,
/// what is owed in it is promised again.
pub(crate) async fn session_stands(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    before: Before,
    at: Time,
) -> Result<(), store::Error> {
    let awaits = session.awaits_customer();
    let is_owed_anew = before.is_new_issue && session.is_open() && session.resolution.is_none();
    if is_owed_anew {
        promise_what_is_owed(tx, project, session, at).await?;
    }
    if before.awaited_customer != awaits || (is_owed_anew && awaits) {
        fit_pauses(tx, project, session.id, awaits, at).await?;
    }
    Ok(())
}

/// Tags were given to a session or taken from it, by which it may be a complaint now, or none any more.
pub(crate) async fn session_tagged(
    tx: &mut Tx,
    project: &Project,
    session: SessionId,
    at: Time,
) -> Result<(), store::Error> {
    let kind = kind_of(tx, session).await?;
    let promises = Promises::of_one(tx, project.id).await?;
    let policy = promises.policy(project.id);
    let mut open = OpenClocks::of_session(tx, session).await?;
    open.know(promises.hours());
    let is_otherwise = |clock: &Clock| clock.ticket_id.is_none() && clock.kind != kind;
    let updates = open.promise_anew(project, &policy, Subject::Session { kind }, at, is_otherwise);
    write(tx, &updates, project.wall(at)).await
}

/// A session was resolved, after the tickets that came of it.
pub(crate) async fn session_resolved(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    at: Time,
) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, session.id).await?;
    let updates = open.decide(project, at, |clock, _, _| end(clock, true));
    write(tx, &updates, project.wall(at)).await
}

/// A session is over. The tickets that came of it and are not resolved go on for themselves, with all that is promised about
/// them.
pub(crate) async fn session_ended(tx: &mut Tx, session: &Session, cause: Cause, at: Time) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, session.id).await?;
    if open.is_empty() {
        return Ok(());
    }
    let Some(project) = tx.project(session.project_id).await? else { return Ok(()) };
    let is_closed = matches!(session.close_reason, Some(CloseReason::Agent | CloseReason::Resolved));
    let is_done = is_closed && cause != Cause::Erasure;
    let updates = open.decide(&project, at, |clock, _, _| end(clock, is_done));
    write(tx, &updates, project.wall(at)).await
}

/// How a clock of a session ends with it. What nobody needs any more counts neither way, unless it is late by then.
fn end(clock: &Clock, is_done: bool) -> Option<Change> {
    if clock.ticket_id.is_some() {
        return None;
    }
    let is_kept = is_done && clock.metric == Metric::Resolution;
    Some(if is_kept { Change::Satisfied } else { Change::Cancelled })
}
