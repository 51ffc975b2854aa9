//! What happens to the clocks of a session when something happens in it. Each is done in the transaction that does
//! that, after the session was locked.

use domain::event::Cause;
use domain::sla::{Change, Clock, Metric, Subject};
use domain::ticket::TicketKind;
use domain::{CloseReason, Project, Session, Time};
use store::Tx;
use store::sla::NewClock;

use super::before::{Before, awaits_customer};
use super::open_clocks::{OpenClocks, write};
use super::promises::{About, Promises};

/// The customer wrote in a session, which is as it is after that. An answer is owed from the first message on that
/// nobody has answered, and a resolution from the first of a new matter on.
pub(crate) async fn session_waits(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    before: Before,
    message_at: Time,
) -> Result<(), store::Error> {
    sessions_wait(tx, vec![Waiting { project, session, before, message_at }]).await
}

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

/// The same in several sessions. Where the customer goes on writing nothing changes, and takes no statement.
pub(crate) async fn sessions_wait(tx: &mut Tx, waiting: Vec<Waiting<'_>>) -> Result<(), store::Error> {
    for one in waiting.iter().filter(|one| one.before.awaited_customer) {
        pause_or_resume(tx, one.project, one.session, one.message_at).await?;
    }
    let begun: Vec<&Waiting<'_>> = waiting.iter().filter(|one| !one.before.waited).collect();
    if begun.is_empty() {
        return Ok(());
    }
    let promises = Promises::of(tx, begun.iter().map(|one| one.project.id)).await?;
    let clocks = |one: &&Waiting<'_>| {
        let response = if one.session.inbound_count == 1 { Metric::FirstResponse } else { Metric::NextResponse };
        let resolution = one.before.is_new_issue.then_some(Metric::Resolution);
        let metrics = [Some(response), resolution].into_iter().flatten();
        metrics
            .map(|metric| promises.clock(one.project, about(one.session), metric, one.message_at))
            .collect::<Vec<NewClock>>()
    };
    let new: Vec<NewClock> = begun.iter().flat_map(clocks).collect();
    tx.start_sla_clocks(&new).await
}

/// An agent answered in a session, in words of their own: what the desk writes by itself is no answer.
pub(crate) async fn session_answered(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    at: Time,
) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, session.id).await?;
    let updates = open.decide(project, at, |clock, timeline, _| match clock.metric {
        Metric::FirstResponse | Metric::NextResponse => Some(Change::Satisfied),
        // Who answers waits for nothing.
        Metric::Resolution => (clock.ticket_id.is_none() && timeline.waits_for_customer()).then_some(Change::Resumed),
    });
    write(tx, &updates, project.wall(at)).await
}

/// Somebody, or the time for which it waited, brought a session to stand where it stands now.
pub(crate) async fn session_stands(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    before: Before,
    at: Time,
) -> Result<(), store::Error> {
    if before.awaited_customer != awaits_customer(session) {
        pause_or_resume(tx, project, session, at).await?;
    }
    if before.is_new_issue && session.is_open() && session.resolution.is_none() {
        let promises = Promises::of_one(tx, project.id).await?;
        let clock = promises.clock(project, about(session), Metric::Resolution, at);
        tx.start_sla_clocks(&[clock]).await?;
        if awaits_customer(session) {
            pause_or_resume(tx, project, session, at).await?;
        }
    }
    Ok(())
}

/// A session was resolved.
pub(crate) async fn session_resolved(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    at: Time,
) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, session.id).await?;
    let updates = open.decide(project, at, |clock, _, is_late| end(clock, is_late, true));
    write(tx, &updates, project.wall(at)).await
}

/// A session is over.
pub(crate) async fn session_ended(tx: &mut Tx, session: &Session, cause: Cause, at: Time) -> Result<(), store::Error> {
    let open = OpenClocks::of_session(tx, session.id).await?;
    if open.is_empty() {
        return Ok(());
    }
    let Some(project) = tx.project(session.project_id).await? else { return Ok(()) };
    let is_closed = matches!(session.close_reason, Some(CloseReason::Agent | CloseReason::Resolved));
    let is_done = is_closed && cause != Cause::Erasure;
    let updates = open.decide(&project, at, |clock, _, is_late| end(clock, is_late, is_done));
    write(tx, &updates, project.wall(at)).await
}

/// How a clock of a session ends with it. What was promised and is late stays so; what nobody needs any more counts
/// neither way. Tickets go on for themselves.
fn end(clock: &Clock, is_late: bool, is_done: bool) -> Option<Change> {
    if clock.ticket_id.is_some() {
        return None;
    }
    let is_kept = is_done && clock.metric == Metric::Resolution;
    Some(if is_kept || is_late { Change::Satisfied } else { Change::Cancelled })
}

/// Has the clocks of a session stand still if it waits for the customer, and go on if it does not.
async fn pause_or_resume(tx: &mut Tx, project: &Project, session: &Session, at: Time) -> Result<(), store::Error> {
    let awaits = awaits_customer(session);
    let open = OpenClocks::of_session(tx, session.id).await?;
    let updates = open.decide(project, at, |clock, timeline, _| {
        if clock.ticket_id.is_some() || timeline.waits_for_customer() == awaits {
            return None;
        }
        Some(if awaits { Change::Paused } else { Change::Resumed })
    });
    write(tx, &updates, project.wall(at)).await
}

/// A session is answered by the times of the first line: what is escalated from it has times of its own.
fn about(session: &Session) -> About {
    About {
        session_id: session.id,
        customer_id: session.customer_id,
        ticket_id: None,
        subject: Subject::Session { kind: TicketKind::Standard },
    }
}
