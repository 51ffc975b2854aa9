//! The clock of one promise, as it is kept.

use super::policy::{Subject, Terms};
use super::standing::{Standing, State, next_at};
use super::targets::Metric;
use super::timeline::{Change, Entry, Timeline};
use crate::ticket::TicketKind;
use crate::{CustomerId, Priority, ProjectId, SessionId, SlaClockId, TicketId, Time};

/// The clock of one promise. Where it stands is what followed from its [`Timeline`] at its last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The identifier.
    pub id: SlaClockId,
    /// The project.
    pub project_id: ProjectId,
    /// The session that it is about, or in which its ticket was raised.
    pub session_id: SessionId,
    /// The customer of that session.
    pub customer_id: CustomerId,
    /// The ticket that it is about; empty for the session itself.
    pub ticket_id: Option<TicketId>,
    /// What is promised.
    pub metric: Metric,
    /// By which type.
    pub kind: TicketKind,
    /// By which priority of the ticket; empty for a session.
    pub priority: Option<Priority>,
    /// By which version of the project's policy.
    pub policy_version: i64,
    /// When it was promised, on the project's clock.
    pub started_at: Time,
    /// What was promised then.
    pub terms: Terms,
    /// Where it stands.
    pub state: State,
    /// When the time runs out, or ran out; empty while it stands still.
    pub due_at: Option<Time>,
    /// When there is a warning, if there is one.
    pub warn_at: Option<Time>,
    /// Since when the time stands still.
    pub paused_at: Option<Time>,
    /// When those concerned were warned; empty again once there is more time.
    pub warned_at: Option<Time>,
    /// When those concerned were told that the time had run out.
    pub breached_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// How many changes its history has behind its start.
    pub changes: i64,
}

impl Clock {
    /// What the promise is about.
    pub fn subject(&self) -> Subject {
        match self.priority {
            Some(priority) => Subject::Ticket { kind: self.kind, priority },
            None => Subject::Session { kind: self.kind },
        }
    }

    /// Its history with these changes.
    pub fn timeline(&self, entries: Vec<Entry>) -> Timeline {
        Timeline { started_at: self.started_at, terms: self.terms, entries }
    }

    /// Takes over where it stands after a change at a moment.
    pub fn stand(&mut self, standing: &Standing, change: Change, at: Time) {
        self.state = standing.state;
        self.due_at = standing.due_at;
        self.warn_at = standing.warn_at;
        self.paused_at = standing.paused_at;
        self.ended_at = standing.ended_at;
        // There is time again, so that those concerned are warned anew.
        if self.state == State::Pending {
            self.warned_at = None;
        }
        match change {
            Change::Warned => self.warned_at = Some(at),
            Change::Breached => self.breached_at = Some(at),
            _ => {}
        }
        self.changes += 1;
    }

    /// What is to be told of it at a moment on the project's clock, if something is: that the time has run out, or that
    /// it is about to.
    pub fn due_change(&self, now: Time) -> Option<Change> {
        if self.ended_at.is_some() || self.breached_at.is_some() {
            return None;
        }
        if self.due_at.is_some_and(|due_at| now > due_at) {
            return Some(Change::Breached);
        }
        let is_time = self.warn_at.is_some_and(|warn_at| warn_at <= now && Some(warn_at) < self.due_at);
        (is_time && self.warned_at.is_none()).then_some(Change::Warned)
    }

    /// Where it stands at a moment on the project's clock, even if what is to be told of it by then was not told yet.
    pub fn state_at(&self, now: Time) -> State {
        match self.due_change(now) {
            Some(Change::Breached) => State::Breaching,
            Some(Change::Warned) => State::ImminentBreach,
            _ => self.state,
        }
    }

    /// Takes over that something was told at a moment, for which its history is not needed.
    pub fn tell(&mut self, change: Change, at: Time) {
        match change {
            Change::Breached => {
                self.state = State::Breaching;
                self.warn_at = None;
                self.breached_at = Some(at);
            }
            Change::Warned => {
                self.state = State::ImminentBreach;
                self.warned_at = Some(at);
            }
            _ => return,
        }
        self.changes += 1;
    }

    /// When there is something to be told next, on the project's clock.
    pub fn next_at(&self) -> Option<Time> {
        if self.ended_at.is_some() || self.breached_at.is_some() {
            return None;
        }
        next_at(self.due_at, self.warn_at.filter(|_| self.warned_at.is_none()))
    }
}
