//! The history of one promise, and what follows from it.

use chrono::Duration;

use super::policy::Terms;
use super::segment::{self, Explanation, MOST_SEGMENTS, Reason, Segment};
use super::standing::{Standing, State};
use super::working_time::{self, HoursById};
use crate::Time;

/// Something that changed a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The customer is waited for.
    Paused,
    /// The customer is no longer waited for.
    Resumed,
    /// What was promised was done.
    Satisfied,
    /// What was promised is no longer to be done. What was late by then was late.
    Cancelled,
    /// Something else is promised from now on.
    PolicyChanged(Terms),
    /// Those concerned were told that the time is about to run out. It changes nothing.
    Warned,
    /// Those concerned were told that the time has run out. It changes nothing.
    Breached,
}

impl Change {
    /// The fixed name under which it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paused => "PAUSED",
            Self::Resumed => "RESUMED",
            Self::Satisfied => "SATISFIED",
            Self::Cancelled => "CANCELLED",
            Self::PolicyChanged(_) => "POLICY_CHANGED",
            Self::Warned => "WARNED",
            Self::Breached => "BREACHED",
        }
    }

    /// What is promised from now on, if that is the change.
    pub const fn terms(self) -> Option<Terms> {
        match self {
            Self::PolicyChanged(terms) => Some(terms),
            _ => None,
        }
    }

    /// The change with a name; nothing for a name that none has.
    pub fn of_name(name: &str, terms: Option<Terms>) -> Option<Self> {
        Some(match name {
            "PAUSED" => Self::Paused,
            "RESUMED" => Self::Resumed,
            "SATISFIED" => Self::Satisfied,
            "CANCELLED" => Self::Cancelled,
            "POLICY_CHANGED" => Self::PolicyChanged(terms?),
            "WARNED" => Self::Warned,
            "BREACHED" => Self::Breached,
            _ => return None,
        })
    }
}

/// A change with its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When it was, on the project's clock.
    pub at: Time,
    /// What it was.
    pub change: Change,
}

/// The history of one promise: it was made on these terms, and then this happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// When it was made.
    pub started_at: Time,
    /// What was promised.
    pub terms: Terms,
    /// What happened since, in this order.
    pub entries: Vec<Entry>,
}

impl Timeline {
    /// A promise that has just been made.
    pub fn new(started_at: Time, terms: Terms) -> Self {
        Self { started_at, terms, entries: Vec::new() }
    }

    /// Adds what happens now.
    pub fn note(&mut self, at: Time, change: Change) {
        self.entries.push(Entry { at, change });
    }

    /// When something happened last.
    pub fn changed_at(&self) -> Time {
        self.entries.last().map_or(self.started_at, |entry| entry.at)
    }

    /// What is promised now.
    pub fn present_terms(&self) -> Terms {
        self.entries.iter().rev().find_map(|entry| entry.change.terms()).unwrap_or(self.terms)
    }

    /// Whether the customer is waited for, whatever that means for the time.
    pub fn waits_for_customer(&self) -> bool {
        let is_pause = |entry: &Entry| match entry.change {
            Change::Paused => Some(true),
            Change::Resumed => Some(false),
            _ => None,
        };
        self.entries.iter().rev().find_map(is_pause).unwrap_or(false)
    }

    /// Where the clock stands at a moment, by what had happened until then. What is late stays late, whatever is
    /// promised instead afterwards.
    pub fn standing(&self, now: Time, hours: &HoursById) -> Standing {
        let run = self.run(now, hours, |_| ());
        let due_at = match run.missed {
            Some(missed) => Some(missed),
            None if run.stands_still() => None,
            None => run.due_at(hours),
        };
        let is_running = run.missed.is_none() && run.end.is_none() && !run.stands_still();
        let warn_at = if is_running { run.reached_at(run.terms.warned_after(), hours) } else { None };
        Standing {
            state: run.state(hours),
            due_at,
            warn_at,
            paused_at: run.paused_at.filter(|_| run.end.is_none() && run.terms.pauses),
            ended_at: run.end.map(|(at, _)| at),
            spent: run.spent,
            remaining: if run.missed.is_some() { Duration::zero() } else { run.remaining() },
        }
    }

    /// The state of the clock at a moment alone, for which no time behind that moment is looked at.
    pub fn state(&self, now: Time, hours: &HoursById) -> State {
        self.run(now, hours, |_| ()).state(hours)
    }

    /// The stretches of the time until a moment or until the end.
    pub fn explain(&self, now: Time, hours: &HoursById) -> Explanation {
        let mut segments = Vec::new();
        self.run(now, hours, |piece| {
            let Piece { from, to, terms, stands_still } = piece;
            if segments.len() > MOST_SEGMENTS {
                return;
            }
            if stands_still {
                segment::add(&mut segments, Segment { from, to, reason: Reason::WaitingForCustomer });
            } else {
                segment::add_running(&mut segments, hours.of(terms.hours_id), from, to, MOST_SEGMENTS + 1);
            }
        });
        let is_cut_off = segments.len() > MOST_SEGMENTS;
        segments.truncate(MOST_SEGMENTS);
        Explanation { segments, is_cut_off }
    }

    /// Goes through the history until a moment, and shows each piece between two changes.
    fn run(&self, now: Time, hours: &HoursById, mut shown: impl FnMut(Piece)) -> Run {
        let mut run = Run {
            at: self.started_at,
            terms: self.terms,
            spent: Duration::zero(),
            paused_at: None,
            missed: None,
            end: None,
        };
        for entry in self.entries.iter().take_while(|entry| entry.at <= now) {
            run.pass(entry.at, hours, &mut shown);
            run.apply(*entry);
            if run.end.is_some() {
                return run;
            }
        }
        run.pass(now, hours, &mut shown);
        run
    }
}

/// A piece of the history between two changes.
struct Piece {
    from: Time,
    to: Time,
    terms: Terms,
    stands_still: bool,
}

/// How far one has come in a history.
struct Run {
    at: Time,
    terms: Terms,
    spent: Duration,
    paused_at: Option<Time>,
    /// The deadline that was missed first.
    missed: Option<Time>,
    end: Option<(Time, Change)>,
}

impl Run {
    fn stands_still(&self) -> bool {
        self.paused_at.is_some() && self.terms.pauses
    }

    fn state(&self, hours: &HoursById) -> State {
        match self.end {
            Some(_) if self.missed.is_some() => State::Breached,
            Some((_, Change::Cancelled)) => State::Cancelled,
            Some(_) => State::Achieved,
            None if self.missed.is_some() => State::Breaching,
            None if self.stands_still() => State::Paused,
            None if self.is_warned_about(hours) => State::ImminentBreach,
            None => State::Pending,
        }
    }

    /// Whether the moment of the warning has come. If that is after no time at all, it is the next moment of work.
    fn is_warned_about(&self, hours: &HoursById) -> bool {
        let warned_after = self.terms.warned_after();
        if warned_after.is_zero() {
            return working_time::add(hours.of(self.terms.hours_id), self.at, Duration::zero()) == Some(self.at);
        }
        warned_after <= self.spent
    }

    fn remaining(&self) -> Duration {
        (self.terms.target - self.spent).max(Duration::zero())
    }

    fn due_at(&self, hours: &HoursById) -> Option<Time> {
        self.reached_at(self.terms.target, hours)
    }

    /// When so much time will have counted if nothing happens; the present moment if that much has. Of no time at all
    /// it is the next moment of work.
    fn reached_at(&self, working: Duration, hours: &HoursById) -> Option<Time> {
        let left = working - self.spent;
        if left <= Duration::zero() && !working.is_zero() {
            return Some(self.at);
        }
        working_time::add(hours.of(self.terms.hours_id), self.at, left.max(Duration::zero()))
    }

    /// When the time runs out, if it does so before a moment.
    fn due_before(&self, end: Time, hours: &HoursById) -> Option<Time> {
        let left = self.terms.target - self.spent;
        if left <= Duration::zero() && !self.terms.target.is_zero() {
            return Some(self.at).filter(|due_at| *due_at < end);
        }
        working_time::add_before(hours.of(self.terms.hours_id), self.at, left.max(Duration::zero()), end)
    }

    fn pass(&mut self, to: Time, hours: &HoursById, shown: &mut impl FnMut(Piece)) {
        // Clocks of several processes need not agree.
        if to <= self.at {
            return;
        }
        let stands_still = self.stands_still();
        if !stands_still {
            if self.missed.is_none() {
                self.missed = self.due_before(to, hours);
            }
            self.spent += working_time::between(hours.of(self.terms.hours_id), self.at, to);
        }
        shown(Piece { from: self.at, to, terms: self.terms, stands_still });
        self.at = to;
    }

    fn apply(&mut self, Entry { at, change }: Entry) {
        match change {
            Change::Paused => self.paused_at = self.paused_at.or(Some(at)),
            Change::Resumed => self.paused_at = None,
            Change::Satisfied | Change::Cancelled => self.end = Some((at, change)),
            Change::PolicyChanged(terms) => self.terms = terms,
            Change::Warned | Change::Breached => {}
        }
    }
}
