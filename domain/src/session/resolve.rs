//! What became of a session.

use super::{Session, SessionLife, Status};
use crate::{AgentId, Time};

/// The longest summary, in characters.
pub const RESOLUTION_CHARACTERS: usize = 2000;

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
    /// The issue is resolved. The session stays open for a while, for what may come back.
    pub fn resolve(&mut self, resolution: Resolution) {
        if self.status != Status::Closed {
            self.status = Status::Processing;
        }
        self.follow_up = None;
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
    fn a_resolved_session_is_closed_after_half_an_hour_unless_the_customer_comes_back() {
        let life = SessionLife::default();
        let mut session = session_at(noon());
        assert_eq!(session.closes_at(life), None);
        session.resolve(Resolution { at: noon(), by: None, summary: String::new() });
        assert_eq!(session.closes_at(life), Some(noon() + Duration::minutes(30)));
        assert_eq!(arrival(Some(&session), life, noon()), Arrival::Continues(Status::Unread));
        let (chat, thread) = (session.chat_id, session.thread.clone());
        let mut back = session.clone();
        back.hear(Status::Unread, chat, &thread, noon());
        assert_eq!(back.closes_at(life), None);
        session.close(CloseReason::Resolved, noon());
        assert_eq!(session.closes_at(life), None);
    }
}
