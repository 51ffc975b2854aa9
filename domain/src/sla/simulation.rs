//! What would have been under another policy.

use std::collections::BTreeMap;

use super::policy::Terms;
use super::standing::State;
use super::targets::Metric;
use super::timeline::{Change, Timeline};
use super::working_time::HoursById;
use crate::Time;
use crate::ticket::TicketKind;

/// The same history on other terms, as if nobody had ever changed them.
pub fn replay(timeline: &Timeline, terms: Terms) -> Timeline {
    let happened = |change: Change| !matches!(change, Change::PolicyChanged(_) | Change::Warned | Change::Breached);
    let entries = timeline.entries.iter().copied().filter(|entry| happened(entry.change)).collect();
    Timeline { started_at: timeline.started_at, terms, entries }
}

/// How many clocks stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Done in time.
    pub achieved: i64,
    /// Done late, or given up when it was late.
    pub breached: i64,
    /// Late, and still to be done.
    pub breaching: i64,
    /// Still to be done, with time left.
    pub open: i64,
    /// Given up when there was time left. They count in no rate.
    pub cancelled: i64,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, state: State) {
        let counter = match state {
            State::Achieved => &mut self.achieved,
            State::Breached => &mut self.breached,
            State::Breaching => &mut self.breaching,
            State::Pending | State::ImminentBreach | State::Paused => &mut self.open,
            State::Cancelled => &mut self.cancelled,
        };
        *counter += 1;
    }

    /// The share that was done in time, among those of which it is known, from 0 to 1.
    pub fn compliance(&self) -> Option<f64> {
        let known = self.achieved + self.breached + self.breaching;
        (known > 0).then(|| self.achieved as f64 / known as f64)
    }
}

/// What was, and what would have been, by what was promised for which type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simulation(BTreeMap<(TicketKind, Metric), (Tally, Tally)>);

impl Simulation {
    /// Counts a clock that stands somewhere and would stand somewhere.
    pub fn count(&mut self, kind: TicketKind, metric: Metric, stands: State, would_stand: State) {
        let (was, would_be) = self.0.entry((kind, metric)).or_default();
        was.count(stands);
        would_be.count(would_stand);
    }

    /// The same of a history, at a moment.
    pub fn replay(
        &mut self,
        (kind, metric): (TicketKind, Metric),
        timeline: &Timeline,
        terms: Terms,
        now: Time,
        hours: &HoursById,
    ) {
        let stands = timeline.state(now, hours);
        let would_stand = replay(timeline, terms).state(now, hours);
        self.count(kind, metric, stands, would_stand);
    }

    /// What was counted, by type and promise: what was, and what would have been.
    pub fn rows(&self) -> impl Iterator<Item = (TicketKind, Metric, Tally, Tally)> + '_ {
        self.0.iter().map(|(&(kind, metric), &(was, would_be))| (kind, metric, was, would_be))
    }
}
