//! Changing clocks that have not ended.

use domain::event::{Cause, NewEvent};
use domain::sla::{Change, Clock, Entry, HoursById, State, Timeline};
use domain::{EventKind, Project, SessionId, Time};
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

    /// These, which are locked.
    pub(super) async fn of(tx: &mut Tx, clocks: Vec<Clock>) -> Result<Self, store::Error> {
        let (timelines, hours) = timelines(tx, &clocks).await?;
        Ok(Self { open: clocks.into_iter().zip(timelines).collect(), hours })
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
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
        let Self { open, hours } = self;
        let update = |(clock, timeline): (Clock, Timeline)| {
            // Clocks of several processes need not agree.
            let at = at.max(timeline.changed_at());
            let is_late = timeline.standing(at, &hours).state == State::Breaching;
            let change = decide(&clock, &timeline, is_late)?;
            Some(changed(project, clock, timeline, Entry { at, change }, &hours))
        };
        open.into_iter().filter_map(update).collect()
    }
}

/// A clock to which something happens.
pub(super) fn changed(
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
