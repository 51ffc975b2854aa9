//! What a session was when it ended for an agent.

use super::People;
use crate::message::{Change, Content};
use crate::session::Resolution;
use crate::{
    AgentId, CloseReason, Direction, DiversionLinkId, Message, MessageId, Priority, Session, SessionId, Status, TeamId,
    Time,
};

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
    /// Who else had to do with it.
    pub people: People,
    /// The diversion link by which the customer had come last.
    pub link_id: Option<DiversionLinkId>,
    /// Why it was closed, if it was.
    pub close_reason: Option<CloseReason>,
    /// When it was closed, if it was.
    pub closed_at: Option<Time>,
    /// Its version.
    pub version: i64,
    /// The newer session of the customer with which it ended, if it was not the session itself that they left: a closed
    /// one, which they read as the history of that.
    pub through_id: Option<SessionId>,
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
            people: session.people.clone(),
            link_id: session.link_id,
            close_reason: session.close_reason,
            closed_at: session.closed_at,
            version: session.version,
            through_id: None,
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
            people: self.people.clone(),
            link_id: self.link_id,
            close_reason: self.close_reason,
            closed_at: self.closed_at,
            version: self.version,
            updated_at: self.left_at,
            assigned_at: None,
            queued_at: None,
            waiting_since: None,
            follow_up: None,
            reopened_at: None,
            resolution: self.shown_resolution(session),
            ..session.clone()
        }
    }

    /// What became of the session, if it was over by then and has been since: it is resolved before that or not at all.
    fn shown_resolution(&self, session: &Session) -> Option<Resolution> {
        let is_as_it_was = self.closed_at.is_some() && self.closed_at == session.closed_at;
        session.resolution.clone().filter(|_| is_as_it_was)
    }

    /// Whether the agent sees a message of the session.
    pub fn shows(&self, message: MessageId) -> bool {
        self.last_message_id.is_some_and(|last| message <= last)
    }

    /// The message as the agent sees it, with what it was then if it has changed since; nothing if it came later.
    pub fn shown_message(&self, message: Message, then: Option<MessageThen>) -> Option<Message> {
        if !self.shows(message.id) {
            return None;
        }
        let Some(then) = then else { return Some(message) };
        let MessageThen { kind, text, entities, content, edited_at, pinned_at, deleted_at, changes, .. } = then;
        Some(Message { kind, text, entities, content, edited_at, pinned_at, deleted_at, changes, ..message })
    }
}

/// What a message was when its session ended for an agent, if it has changed since: what an agent sees of it in place of
/// what it is now. Whether and how it was delivered is theirs to know whenever that is told.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageThen {
    /// The message.
    pub message_id: MessageId,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The text or the caption.
    pub text: String,
    /// The formatting of the text, as JSON.
    pub entities: Option<String>,
    /// What it held beside the text.
    pub content: Content,
    /// When its text had last changed.
    pub edited_at: Option<Time>,
    /// Since when it had been pinned.
    pub pinned_at: Option<Time>,
    /// When it had been deleted in the chat.
    pub deleted_at: Option<Time>,
    /// What had been asked for of it.
    pub changes: Vec<Change>,
}
