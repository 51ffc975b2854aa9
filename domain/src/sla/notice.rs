//! What the staff is told of clocks.

use serde::{Deserialize, Serialize};

use super::targets::Metric;
use crate::{SlaClockId, Time};

/// A line of a notice about one clock. It names numbers alone: who reads it may not see the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeLine {
    /// The clock.
    pub clock_id: SlaClockId,
    /// What is told.
    pub text: String,
}

impl NoticeLine {
    /// The time for a promise is about to run out at a moment.
    pub fn warning(clock_id: SlaClockId, metric: Metric, subject: &str, due_at: Option<Time>) -> Self {
        let until = due_at.map(|due_at| format!(" until {}", shown(due_at))).unwrap_or_default();
        Self { clock_id, text: format!("{subject}: the time for {} runs out. There is time{until}.", named(metric)) }
    }

    /// The time for a promise has run out at a moment.
    pub fn breach(clock_id: SlaClockId, metric: Metric, subject: &str, due_at: Option<Time>) -> Self {
        let since = due_at.map(|due_at| format!(" at {}", shown(due_at))).unwrap_or_default();
        Self { clock_id, text: format!("{subject}: the time for {} ran out{since}.", named(metric)) }
    }
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
        let line = NoticeLine::warning(SlaClockId(1), Metric::FirstResponse, "Session #7", due_at);
        assert_eq!(
            line.text,
            "Session #7: the time for the first answer runs out. There is time until 2026-01-09 10:30 UTC."
        );
        let line = NoticeLine::breach(SlaClockId(1), Metric::Resolution, "Ticket #12", due_at);
        assert_eq!(line.text, "Ticket #12: the time for the resolution ran out at 2026-01-09 10:30 UTC.");
    }
}
