//! Sessions: one conversation with a customer, from the first message to closing.

mod inbound;
mod pace;
mod reply;

pub use inbound::{Arrival, REOPEN_WINDOW, arrival};
pub use pace::{Pace, Rush};
pub use reply::{ReplyRefusal, check_replier};

use chrono::Duration;

use crate::message::Thread;
use crate::{
    AgentId, ChatId, CustomerId, DiversionLinkId, MessageId, ProjectId, SessionId, TeamId, Time, named_enum,
};

named_enum! {
    /// Where a session stands.
    pub enum Status {
        /// No agent has viewed it.
        Unread = "UNREAD",
        /// An agent is on it.
        Processing = "PROCESSING",
        /// It waits for the customer, a third party or a promised time.
        FollowUp = "FOLLOW_UP",
        /// It is over.
        Closed = "CLOSED",
    }
}

named_enum! {
    /// How pressing a session is.
    pub enum Priority {
        /// Can wait.
        Low = "LOW",
        /// The usual.
        Medium = "MEDIUM",
        /// Before the usual.
        High = "HIGH",
        /// Before everything else.
        Urgent = "URGENT",
    }
}

named_enum! {
    /// Why a session was closed.
    pub enum CloseReason {
        /// An agent closed it.
        Agent = "AGENT",
        /// The customer was silent for [`NO_RESPONSE_AFTER`] after the agent's last message.
        NoResponse = "NO_RESPONSE",
        /// Its group got another number in Telegram, under which another session was open already and goes on.
        Migration = "MIGRATION",
    }
}

/// How long a customer may be silent after the agent's last message.
pub const NO_RESPONSE_AFTER: Duration = Duration::hours(24);

/// One conversation with a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The identifier.
    pub id: SessionId,
    /// The project.
    pub project_id: ProjectId,
    /// The number that people say aloud, counted from 1 within the project.
    pub number: i64,
    /// The customer.
    pub customer_id: CustomerId,
    /// The chat that was last written in, which is where answers go.
    pub chat_id: ChatId,
    /// The conversation within that chat.
    pub thread: Thread,
    /// Where it stands.
    pub status: Status,
    /// How pressing it is.
    pub priority: Priority,
    /// The agent who answers, if one has been chosen.
    pub assignee_id: Option<AgentId>,
    /// The team that it is for, if one has been chosen.
    pub team_id: Option<TeamId>,
    /// The diversion link by which the customer came.
    pub link_id: Option<DiversionLinkId>,
    /// The newest message.
    pub last_message_id: Option<MessageId>,
    /// When the newest message was taken in.
    pub last_message_at: Time,
    /// Which way the newest message went, in order to know who waits for whom.
    pub last_direction: crate::Direction,
    /// How many messages the customer has written in it.
    pub inbound_count: i64,
    /// How fast the customer writes.
    pub pace: Pace,
    /// Why it was closed; empty while it is open.
    pub close_reason: Option<CloseReason>,
    /// When it was closed; empty while it is open.
    pub closed_at: Option<Time>,
    /// Grows with each change.
    pub version: i64,
    /// When it started.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl Session {
    /// Whether the conversation is still going on.
    pub fn is_open(&self) -> bool {
        self.status != Status::Closed
    }

    /// Whether an agent has had the last word and the customer has been silent for
    /// [`NO_RESPONSE_AFTER`] or longer.
    pub fn is_without_response(&self, now: Time) -> bool {
        self.is_open()
            && self.last_direction == crate::Direction::Outbound
            && now - self.last_message_at >= NO_RESPONSE_AFTER
    }

    /// Closes the session.
    pub fn close(&mut self, reason: CloseReason, now: Time) {
        self.status = Status::Closed;
        self.close_reason = Some(reason);
        self.closed_at = Some(now);
    }

    /// Opens a closed session again, unread.
    pub fn reopen(&mut self) {
        self.status = Status::Unread;
        self.close_reason = None;
        self.closed_at = None;
    }

    /// The agent looks at the session. Only the assigned agent makes an unread session
    /// `PROCESSING`; the answer says whether anything changed.
    pub fn viewed_by(&mut self, agent: AgentId) -> bool {
        let takes_up = self.status == Status::Unread && self.assignee_id == Some(agent);
        if takes_up {
            self.status = Status::Processing;
        }
        takes_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Direction;

    pub(super) fn noon() -> Time {
        chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    pub(super) fn session_at(time: Time) -> Session {
        Session {
            id: SessionId(1),
            project_id: ProjectId(1),
            number: 1,
            customer_id: CustomerId(1),
            chat_id: ChatId(1),
            thread: Thread::default(),
            status: Status::Unread,
            priority: Priority::Medium,
            assignee_id: None,
            team_id: None,
            link_id: None,
            last_message_id: None,
            last_message_at: time,
            last_direction: Direction::Inbound,
            inbound_count: 1,
            pace: Pace::default(),
            close_reason: None,
            closed_at: None,
            version: 1,
            created_at: time,
            updated_at: time,
        }
    }

    #[test]
    fn only_the_assigned_agent_takes_up_an_unread_session_by_viewing_it() {
        let mut session = session_at(noon());
        assert!(!session.viewed_by(AgentId(7)));
        session.assignee_id = Some(AgentId(7));
        assert!(!session.viewed_by(AgentId(8)));
        assert!(session.viewed_by(AgentId(7)));
        assert_eq!(session.status, Status::Processing);
        assert!(!session.viewed_by(AgentId(7)));
    }

    #[test]
    fn silence_counts_from_the_agents_last_message_only() {
        let mut session = session_at(noon());
        let a_day_later = noon() + NO_RESPONSE_AFTER;
        assert!(!session.is_without_response(a_day_later));
        session.last_direction = Direction::Outbound;
        assert!(session.is_without_response(a_day_later));
        assert!(!session.is_without_response(a_day_later - Duration::microseconds(1)));
        session.close(CloseReason::Agent, noon());
        assert!(!session.is_without_response(a_day_later));
    }
}
