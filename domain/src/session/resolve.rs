//! What became of a session.

use super::{Session, SessionLife, Status};
use crate::text::without_nul;
use crate::{AgentId, Time};

/// The longest summary, in characters.
pub const SUMMARY_CHARACTERS: usize = 2000;

/// What was done, for colleagues. May be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary(String);

/// Why a summary was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SummaryRefusal {
    /// It is longer than [`SUMMARY_CHARACTERS`].
    #[error("the summary is longer than {SUMMARY_CHARACTERS} characters: shorten it, or write a private note besides")]
    TooLong,
}

impl Summary {
    /// Checks a summary and trims it.
    pub fn parse(text: &str) -> Result<Self, SummaryRefusal> {
        let text = without_nul(text).trim().to_owned();
        if text.chars().count() > SUMMARY_CHARACTERS { Err(SummaryRefusal::TooLong) } else { Ok(Self(text)) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What became of a session: its issue is resolved, and it is closed when nothing comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// When it was resolved, on the project's clock.
    pub at: Time,
    /// Who resolved it; empty for the desk itself.
    pub by: Option<AgentId>,
    /// What was done, for colleagues. May be empty.
    pub summary: String,
}

impl Session {
    /// The issue is resolved. The session stays open for a while, for what may come back, and waits for
    /// no agent.
    pub fn resolve(&mut self, resolution: Resolution) {
        if self.status != Status::Closed {
            self.status = Status::Processing;
        }
        self.follow_up = None;
        self.queued_at = None;
        self.resolution = Some(resolution);
    }

    /// When the session is to be closed because it was resolved, if it was.
    pub fn closes_at(&self, life: SessionLife) -> Option<Time> {
        let resolution = self.resolution.as_ref().filter(|_| self.is_open())?;
        Some(resolution.at + life.close_after_resolve)
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::CloseReason;
    use crate::session::tests::{noon, session_at};
    use crate::session::{Arrival, arrival};

    #[test]
    fn a_summary_is_trimmed_and_has_an_end() {
        assert_eq!(Summary::parse(" sent\0 again ").map(|summary| summary.0), Ok("sent again".to_owned()));
        assert_eq!(Summary::parse(&"é".repeat(SUMMARY_CHARACTERS)).map(|summary| summary.0.len()), Ok(4000));
        assert_eq!(Summary::parse(&"x".repeat(SUMMARY_CHARACTERS + 1)), Err(SummaryRefusal::TooLong));
    }

    #[test]
    fn a_resolved_session_is_closed_after_half_an_hour_unless_the_customer_comes_back() {
        let life = SessionLife::default();
        let mut session = session_at(noon());
        assert_eq!(session.closes_at(life), None);
        session.queued_at = Some(noon());
        session.resolve(Resolution { at: noon(), by: None, summary: String::new() });
        assert_eq!((session.closes_at(life), session.queued_at), (Some(noon() + Duration::minutes(30)), None));
        assert_eq!(arrival(Some(&session), life, noon()), Arrival::Continues(Status::Unread));
        let (chat, thread) = (session.chat_id, session.thread.clone());
        let mut back = session.clone();
        back.hear(Status::Unread, chat, &thread, noon());
        assert_eq!(back.closes_at(life), None);
        session.close(CloseReason::Resolved, noon());
        assert_eq!(session.closes_at(life), None);
    }
}
