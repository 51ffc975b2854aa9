//! What the staff is told of clocks.

use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::standing::State;
use super::targets::Metric;
use super::timeline::Change;
use crate::{ChatId, SlaClockId, Time, named_enum};

named_enum! {
    /// What there is to be told of a clock.
    pub enum Alert {
        /// The time is about to run out.
        Warning = "WARNING",
        /// The time has run out.
        Breach = "BREACH",
    }
}

impl Alert {
    /// What there is to be told after a change, if there is anything.
    pub const fn of(change: Change) -> Option<Self> {
        match change {
            Change::Warned => Some(Self::Warning),
            Change::Breached => Some(Self::Breach),
            _ => None,
        }
    }

    /// Whether it is so of a clock at a moment on the project's clock. Time that has run out or stands still is not
    /// about to run out; what is late stays late, even while the customer is waited for.
    pub fn is_so(self, clock: &Clock, now: Time) -> bool {
        match self {
            Self::Warning => {
                let runs = clock.ended_at.is_none() && clock.breached_at.is_none() && clock.paused_at.is_none();
                runs && clock.due_at.is_some_and(|due_at| now <= due_at)
            }
            Self::Breach => clock.state == State::Breaching,
        }
    }

    /// The words for it, of a promise about something with this name whose time runs out, or ran out, at a moment. The
    /// name is made of numbers alone: who reads it may not see the session.
    pub fn text(self, metric: Metric, subject: &str, due_at: Option<Time>) -> String {
        let promised = named(metric);
        match self {
            Self::Warning => {
                let until = due_at.map(|due_at| format!(" until {}", shown(due_at))).unwrap_or_default();
                format!("{subject}: the time for {promised} runs out. There is time{until}.")
            }
            Self::Breach => {
                let since = due_at.map(|due_at| format!(" at {}", shown(due_at))).unwrap_or_default();
                format!("{subject}: the time for {promised} ran out{since}.")
            }
        }
    }
}

/// A line of a notice about one clock. It goes along with the call without its words: whom it is for and what it says
/// is worked out again right before the call is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeLine {
    /// The clock.
    pub clock_id: SlaClockId,
    /// What is told of it.
    #[serde(with = "crate::wire_name::name")]
    pub alert: Alert,
    /// Every chat that is told of it, in the line for the first one of those who have the matter, and in no other line.
    /// Whoever has it in their place by the time of the call is told then, unless they are one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<ChatId>,
}

fn named(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstResponse => "the first answer",
        Metric::NextResponse => "the next answer",
        Metric::Resolution => "the resolution",
    }
}

fn shown(time: Time) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_of_which_session_and_when() {
        let due_at = "2026-01-09T10:30:59Z".parse().ok();
        assert_eq!(
            Alert::Warning.text(Metric::FirstResponse, "Session #7", due_at),
            "Session #7: the time for the first answer runs out. There is time until 2026-01-09 10:30 UTC."
        );
        assert_eq!(
            Alert::Breach.text(Metric::Resolution, "Ticket #12", due_at),
            "Ticket #12: the time for the resolution ran out at 2026-01-09 10:30 UTC."
        );
    }
}
