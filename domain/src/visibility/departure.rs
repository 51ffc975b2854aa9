//! What a session was when it ended for an agent.

use crate::{AgentId, CloseReason, Direction, Message, MessageId, Priority, Session, SessionId, Status, TeamId, Time};

/// The moment at which a session ended for an agent. They go on seeing it as it was then: nothing later reaches them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The session.
    pub session_id: SessionId,
    /// The agent.
    pub agent_id: AgentId,
    /// When it was, on the project's clock.
    pub left_at: Time,
    /// The newest message that the agent sees.
    pub last_message_id: Option<MessageId>,
    /// When that one was taken in.
    pub last_message_at: Time,
    /// Which way it went.
    pub last_direction: Direction,
    /// How many messages the customer had written.
    pub inbound_count: i64,
    /// Where the session stood.
    pub status: Status,
    /// How pressing it was.
    pub priority: Priority,
    /// Who got it.
    pub assignee_id: Option<AgentId>,
    /// The team that got it.
    pub team_id: Option<TeamId>,
    /// Why it was closed, if it was.
    pub close_reason: Option<CloseReason>,
    /// When it was closed, if it was.
    pub closed_at: Option<Time>,
    /// Its version.
    pub version: i64,
}

impl Departure {
    /// The session ends for the agent now, as it is after the change that ends it.
    pub fn of(session: &Session, agent_id: AgentId, now: Time) -> Self {
        Self {
            session_id: session.id,
            agent_id,
            left_at: now,
            last_message_id: session.last_message_id,
            last_message_at: session.last_message_at,
            last_direction: session.last_direction,
            inbound_count: session.inbound_count,
            status: session.status,
            priority: session.priority,
            assignee_id: session.assignee_id,
            team_id: session.team_id,
            close_reason: session.close_reason,
            closed_at: session.closed_at,
            version: session.version,
        }
    }

    /// The session as it was.
    pub fn shown(&self, session: &Session) -> Session {
        Session {
            last_message_id: self.last_message_id,
            last_message_at: self.last_message_at,
            last_direction: self.last_direction,
            inbound_count: self.inbound_count,
            status: self.status,
            priority: self.priority,
            assignee_id: self.assignee_id,
            team_id: self.team_id,
            close_reason: self.close_reason,
            closed_at: self.closed_at,
            version: self.version,
            updated_at: self.left_at,
            assigned_at: None,
            queued_at: None,
            waiting_since: None,
            follow_up: None,
            resolution: None,
            ..session.clone()
        }
    }

    /// Whether the agent sees a message of the session.
    pub fn shows(&self, message: MessageId) -> bool {
        self.last_message_id.is_some_and(|last| message <= last)
    }

    /// The message as the agent sees it; nothing if it came later. What was done to it later does not show: not that it
    /// was deleted or pinned, nor what it says since it was reworded, which takes its place with the text of then.
    pub fn shown_message(&self, message: Message) -> Option<Message> {
        if !self.shows(message.id) {
            return None;
        }
        let before = |time: Option<Time>| time.filter(|time| *time <= self.left_at);
        let is_reworded = message.edited_at.is_some_and(|edited| edited > self.left_at);
        let mut shown =
            Message { deleted_at: before(message.deleted_at), pinned_at: before(message.pinned_at), ..message };
        if is_reworded {
            // The earlier wording is not kept, and the later one is not theirs to see.
            shown.text = String::new();
            shown.entities = None;
            shown.content = crate::message::Content::default();
        }
        Some(shown)
    }
}
