//! Changing clocks that have not ended.

use std::collections::{BTreeSet, HashMap};

use domain::event::{Cause, NewEvent};
use domain::sla::{Change, Clock, Entry, HoursById, PolicyVersion, State, Subject, Terms, Timeline};
use domain::{CustomerId, EventKind, Project, SessionId, Ticket, TicketId, Time};
use store::Tx;
use store::sla::ClockUpdate;

use super::promises::timelines;

/// Clocks that have not ended, locked, with their histories.
pub(super) struct OpenClocks {
    open: Vec<(Clock, Timeline)>,
    hours: HoursById,
}

impl OpenClocks {
    /// Those of a session and of its tickets.
    pub(super) async fn of_session(tx: &mut Tx, session: SessionId) -> Result<Self, store::Error> {
        Self::of_sessions(tx, &[session.0]).await
    }

    /// Those of several sessions and of their tickets.
    pub(super) async fn of_sessions(tx: &mut Tx, sessions: &[i64]) -> Result<Self, store::Error> {
        let clocks = tx.lock_open_sla_clocks(sessions).await?;
        Self::of(tx, clocks).await
    }

    /// Those of all sessions and tickets of a customer.
    pub(super) async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Self, store::Error> {
        let clocks = tx.lock_open_sla_clocks_of(customer).await?;
        Self::of(tx, clocks).await
    }

    /// These, which are locked.
    pub(super) async fn of(tx: &mut Tx, clocks: Vec<Clock>) -> Result<Self, store::Error> {
        let (timelines, hours) = timelines(tx, &clocks).await?;
        Ok(Self { open: clocks.into_iter().zip(timelines).collect(), hours })
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The clocks.
    pub(super) fn clocks(&self) -> impl Iterator<Item = &Clock> {
        self.open.iter().map(|(clock, _)| clock)
    }

    /// The tickets that they are about.
    pub(super) async fn tickets(&self, tx: &mut Tx) -> Result<HashMap<TicketId, Ticket>, store::Error> {
        let ids: BTreeSet<i64> = self.clocks().filter_map(|clock| Some(clock.ticket_id?.0)).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let tickets = tx.tickets(&Vec::from_iter(ids)).await?;
        Ok(tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect())
    }

    /// Takes over further hours, by which new terms may go.
    pub(super) fn know(&mut self, hours: &HoursById) {
        self.hours.extend_from(hours);
    }

    /// What becomes of each of them at a moment on the project's clock, by what is decided of it, if anything is.
    pub(super) fn decide(
        self,
        project: &Project,
        at: Time,
        decide: impl Fn(&Clock, &Timeline, bool) -> Option<Change>,
    ) -> Vec<ClockUpdate> {
        self.decide_each(|_| Some((project, at)), decide)
    }

    /// The same where each of them has a moment of its own, if it has one.
    pub(super) fn decide_each<'p>(
        self,
        moment: impl Fn(&Clock) -> Option<(&'p Project, Time)>,
        decide: impl Fn(&Clock, &Timeline, bool) -> Option<Change>,
    ) -> Vec<ClockUpdate> {
        let Self { open, hours } = self;
        let update = |(clock, timeline): (Clock, Timeline)| {
            let (project, at) = moment(&clock)?;
            // Clocks of several processes need not agree.
            let at = at.max(timeline.changed_at());
            let is_late = timeline.state(at, &hours) == State::Breaching;
            let change = decide(&clock, &timeline, is_late)?;
            Some(changed(project, clock, timeline, Entry { at, change }, &hours))
        };
        open.into_iter().filter_map(update).collect()
    }

    /// Has those of them that are chosen be promised from a moment on as a policy says for another subject.
    pub(super) fn promise_anew(
        self,
        project: &Project,
        policy: &PolicyVersion,
        subject: Subject,
        at: Time,
        is_chosen: impl Fn(&Clock) -> bool,
    ) -> Vec<ClockUpdate> {
        let Self { open, hours } = self;
        let chosen = open.into_iter().filter(|(clock, _)| is_chosen(clock));
        let update = |(clock, timeline): (Clock, Timeline)| {
            let terms = policy.terms(clock.metric, subject);
            let (kind, priority) = (subject.kind(), subject.priority());
            let clock = Clock { kind, priority, policy_version: policy.version, ..clock };
            promised_on(project, clock, timeline, terms, at, &hours)
        };
        chosen.map(update).collect()
    }
}

/// A clock that is promised on these terms from a moment on. If they are none but those by which it goes, its history does
/// not tell of it.
pub(super) fn promised_on(
    project: &Project,
    clock: Clock,
    timeline: Timeline,
    terms: Terms,
    at: Time,
    hours: &HoursById,
) -> ClockUpdate {
    if timeline.present_terms() == terms {
        let next_at = clock.next_at().map(|next_at| project.wall(next_at));
        return ClockUpdate { clock, entry: None, next_at };
    }
    let entry = Entry { at: at.max(timeline.changed_at()), change: Change::PolicyChanged(terms) };
    changed(project, clock, timeline, entry, hours)
}

/// A clock to which something happens.
fn changed(
    project: &Project,
    mut clock: Clock,
    mut timeline: Timeline,
    entry: Entry,
    hours: &HoursById,
) -> ClockUpdate {
    timeline.note(entry.at, entry.change);
    clock.stand(&timeline.standing(entry.at, hours), entry.change, entry.at);
    let next_at = clock.next_at().map(|next_at| project.wall(next_at));
    ClockUpdate { clock, entry: Some(entry), next_at }
}

/// Writes what became of clocks, and tells of it. `wall` is the wall clock.
pub(super) async fn write(tx: &mut Tx, updates: &[ClockUpdate], wall: Time) -> Result<(), store::Error> {
    if updates.is_empty() {
        return Ok(());
    }
    tx.update_sla_clocks(updates).await?;
    let events: Vec<NewEvent> = updates.iter().filter_map(event).collect();
    if events.is_empty() { Ok(()) } else { tx.append_events(&events, wall).await }
}

/// What there is to tell of a clock; nothing if it stands as before.
fn event(ClockUpdate { clock, entry, .. }: &ClockUpdate) -> Option<NewEvent> {
    let Entry { at, change } = (*entry)?;
    let cause = match change {
        // Where the policy does not have the time stand still, this changes nothing.
        Change::Paused if clock.paused_at.is_none() => return None,
        Change::Paused => Cause::SlaPaused,
        Change::Resumed => Cause::SlaResumed,
        Change::Satisfied => Cause::SlaAnswered,
        Change::Cancelled => Cause::SlaCancelled,
        Change::PolicyChanged(_) => Cause::SlaPolicyChanged,
        Change::Warned => Cause::SlaWarning,
        Change::Breached => Cause::SlaBreach,
    };
    Some(NewEvent {
        project_id: clock.project_id,
        kind: EventKind::SlaClockUpdated,
        session_id: clock.session_id,
        customer_id: clock.customer_id,
        message_id: None,
        ticket: None,
        clock_id: Some(clock.id),
        todo_id: None,
        cause,
        at,
        audience_before: None,
    })
}
