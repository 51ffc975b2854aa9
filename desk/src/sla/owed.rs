//! What is owed to customers, and what of it is not promised yet.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use domain::sla::{Clock, Metric, PolicyVersion};
use domain::ticket::{TicketKind, TicketStatus};
use domain::{CustomerId, Project, Session, SessionId, Ticket, TicketId, Time};
use store::sla::NewClock;
use store::{Queries, Tx};

use super::before::awaits_answer;
use super::promises::{About, Promises};

/// The clocks of customers that have not ended, with their tickets. They are not locked: whoever has a session locked is
/// the only one to start clocks of it, or to end them.
pub(super) struct Owed {
    clocks: Vec<Clock>,
    tickets: HashMap<TicketId, Ticket>,
}

/// What is owed in a session that goes on.
pub(super) struct Debt<'a> {
    pub(super) project: &'a Project,
    pub(super) session: &'a Session,
    /// The type of the session.
    pub(super) kind: TicketKind,
    /// Since when an answer is owed, if one is.
    pub(super) answer_since: Option<Time>,
    /// Since when the resolution is owed.
    pub(super) since: Time,
}

impl Owed {
    /// What is owed to these customers.
    pub(super) async fn to(
        queries: &mut Queries,
        customers: impl IntoIterator<Item = CustomerId>,
    ) -> Result<Self, store::Error> {
        let customers: Vec<i64> = customers.into_iter().map(|customer| customer.0).collect();
        let clocks = queries.open_sla_clocks_of_customers(&customers).await?;
        let ids: BTreeSet<i64> = clocks.iter().filter_map(|clock| Some(clock.ticket_id?.0)).collect();
        let tickets = if ids.is_empty() { Vec::new() } else { queries.tickets(&Vec::from_iter(ids)).await? };
        Ok(Self { clocks, tickets: tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect() })
    }

    /// The clocks.
    pub(super) fn clocks(&self) -> impl Iterator<Item = &Clock> {
        self.clocks.iter()
    }

    /// The ticket that a clock is about.
    pub(super) fn ticket_of(&self, clock: &Clock) -> Option<&Ticket> {
        self.tickets.get(&clock.ticket_id?)
    }

    /// The tickets that wait for their customers, newest first.
    pub(super) fn waiting_tickets(&self) -> Vec<&Ticket> {
        let waits = |ticket: &&Ticket| ticket.status == TicketStatus::Waiting;
        let mut tickets: Vec<&Ticket> = self.tickets.values().filter(waits).collect();
        tickets.sort_unstable_by_key(|ticket| Reverse(ticket.id));
        tickets
    }

    /// Whether something that can be owed in a session is not promised.
    pub(super) fn is_short(&self, session: SessionId) -> bool {
        !self.is_promised(session, is_response) || !self.is_promised(session, is_resolution)
    }

    /// The clocks that are to be started for what is owed and not promised yet. An answer is promised by the ticket that
    /// leads the session, if one does, and then the resolution is promised by it already.
    pub(super) fn unpromised(&self, promises: &Promises, debt: &Debt<'_>) -> Vec<NewClock> {
        let Debt { project, session, .. } = *debt;
        let policy = promises.policy(project.id);
        let itself = About::session(session, debt.kind);
        let answer = debt.answer_since.filter(|_| !self.is_promised(session.id, is_response)).map(|since| {
            let (about, metric) = match self.leader(session.id, &policy) {
                Some(ticket) => (About::ticket(ticket), Metric::NextResponse),
                None if session.inbound_count == 1 => (itself, Metric::FirstResponse),
                None => (itself, Metric::NextResponse),
            };
            promises.clock(project, about, metric, since)
        });
        let is_resolution_owed = !self.is_promised(session.id, is_resolution);
        let resolution = is_resolution_owed.then(|| promises.clock(project, itself, Metric::Resolution, debt.since));
        answer.into_iter().chain(resolution).collect()
    }

    /// Whether something is promised about a session itself or about a ticket that leads it.
    fn is_promised(&self, session: SessionId, is_it: fn(Metric) -> bool) -> bool {
        let counts =
            |clock: &Clock| clock.ticket_id.is_none() || self.ticket_of(clock).is_some_and(Ticket::leads_session);
        self.clocks.iter().any(|clock| clock.session_id == session && is_it(clock.metric) && counts(clock))
    }

    /// Of the tickets that lead a session, the one by which it is answered soonest.
    fn leader(&self, session: SessionId, policy: &PolicyVersion) -> Option<&Ticket> {
        let leading = self.tickets.values().filter(|ticket| ticket.session_id == session && ticket.leads_session());
        leading.min_by_key(|ticket| {
            let target = policy.policy.target(Metric::NextResponse, About::ticket(ticket).subject);
            (target, Reverse(ticket.id))
        })
    }
}

fn is_response(metric: Metric) -> bool {
    metric != Metric::Resolution
}

fn is_resolution(metric: Metric) -> bool {
    metric == Metric::Resolution
}

/// Promises what is owed in a session that goes on and is not promised yet, the answer since the customer waits for it.
pub(super) async fn promise_what_is_owed(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    at: Time,
) -> Result<(), store::Error> {
    let owed = Owed::to(tx, [session.customer_id]).await?;
    if !owed.is_short(session.id) {
        return Ok(());
    }
    let promises = Promises::of_one(tx, project.id).await?;
    let kind = kind_of(tx, session.id).await?;
    let answer_since = session.waiting_since.filter(|_| awaits_answer(session));
    let new = owed.unpromised(&promises, &Debt { project, session, kind, answer_since, since: at });
    if new.is_empty() { Ok(()) } else { tx.start_sla_clocks(&new).await }
}

/// The type of a session.
pub(super) async fn kind_of(queries: &mut Queries, session: SessionId) -> Result<TicketKind, store::Error> {
    let complaints = complaints(queries, [session]).await?;
    Ok(if complaints.is_empty() { TicketKind::Standard } else { TicketKind::Complaint })
}

/// Those of the sessions that are complaints, as people or triggers say by the tag for it. All others are answered by the
/// times of the first line: what is escalated from them has times of its own.
pub(super) async fn complaints(
    queries: &mut Queries,
    sessions: impl IntoIterator<Item = SessionId>,
) -> Result<BTreeSet<SessionId>, store::Error> {
    let sessions: Vec<i64> = sessions.into_iter().map(|session| session.0).collect();
    let tags = queries.tags_of_sessions(&sessions).await?;
    let complaints = tags.into_iter().filter(|(_, tag)| tag.is_complaint());
    Ok(complaints.map(|(session, _)| session).collect())
}
