//! The event log: every change that a client could want to see.

use crate::ticket::TicketAudience;
use crate::{
    AgentId, Audience, CustomerId, MessageId, ProjectId, SessionId, SlaClockId, TicketId, Time, TodoId, named_enum,
};

named_enum! {
    /// What happened.
    pub enum EventKind {
        /// A message came in or was written.
        MessageAdded = "MESSAGE_ADDED",
        /// A message or its delivery changed.
        MessageUpdated = "MESSAGE_UPDATED",
        /// A message is gone.
        MessageRemoved = "MESSAGE_REMOVED",
        /// A session started.
        SessionOpened = "SESSION_OPENED",
        /// A session changed.
        SessionUpdated = "SESSION_UPDATED",
        /// A session is gone.
        SessionRemoved = "SESSION_REMOVED",
        /// A ticket was opened.
        TicketOpened = "TICKET_OPENED",
        /// A ticket changed.
        TicketUpdated = "TICKET_UPDATED",
        /// A ticket is gone. No row of the log has it: it is what those are told who see a ticket no longer.
        TicketRemoved = "TICKET_REMOVED",
        /// A clock of a service level is in another state.
        SlaClockUpdated = "SLA_CLOCK_UPDATED",
        /// A to-do was made or changed.
        TodoUpdated = "TODO_UPDATED",
        /// An agent sees other sessions of the project than before, by a role or a team, or since they were deactivated for a
        /// while. It is about no session, and nobody is told of it but that agent, who has to look anew.
        SightChanged = "SIGHT_CHANGED",
    }
}

impl EventKind {
    /// Whether it is about a ticket, and not about what is in a session.
    pub const fn is_about_ticket(self) -> bool {
        matches!(self, Self::TicketOpened | Self::TicketUpdated | Self::TicketRemoved)
    }
}

/// The ticket that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketEvent {
    /// The ticket.
    pub id: TicketId,
    /// Those who had to do with it before, if the event changed that.
    pub audience_before: Option<TicketAudience>,
}

/// A place in the log. Places are totally ordered, and the order is the order in which
/// readers see the events, whatever the order in which transactions began or committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The place among transactions: on PostgreSQL the writing one or, if later, the newest that
    /// had ended when the event was written; zero on SQLite,
    /// where the order of commits is the order of sequence numbers.
    pub transaction: i64,
    /// The sequence number within the log.
    pub sequence: i64,
    /// When the event there happened, on the project's clock, in microseconds since 1970. The numbers alone do not
    /// tell it from the event that a log, once put back to an earlier state, has in the same place.
    pub at_micros: i64,
}

impl Position {
    /// The place before every event.
    pub const START: Self = Self { transaction: 0, sequence: 0, at_micros: 0 };
}

/// A [`Position`] together with the log it belongs to. A log that was restored from a
/// backup or copied to another engine is another log, and its cursors are void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The log.
    pub epoch: i64,
    /// The place in it.
    pub position: Position,
}

/// One change, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the log.
    pub position: Position,
    /// The project it happened in.
    pub project_id: ProjectId,
    /// What happened.
    pub kind: EventKind,
    /// The session concerned, or [`Event::NO_SESSION`].
    pub session_id: SessionId,
    /// The customer of that session, or [`Event::NO_CUSTOMER`].
    pub customer_id: CustomerId,
    /// The message concerned, if one is.
    pub message_id: Option<MessageId>,
    /// The ticket concerned, if one is.
    pub ticket: Option<TicketEvent>,
    /// The clock of a service level that is concerned, if one is.
    pub clock_id: Option<SlaClockId>,
    /// The to-do concerned, if one is.
    pub todo_id: Option<TodoId>,
    /// Why it happened, as a name of its own: `CUSTOMER_MESSAGE`, `AGENT_REPLY` and so on.
    pub cause: String,
    /// When it happened, on the project's clock.
    pub at: Time,
    /// Those for whom the session went on after it; the agent alone who sees other sessions.
    pub audience: Audience,
    /// Those for whom it had gone on before, if the event changed that.
    pub audience_before: Option<Audience>,
}

impl Event {
    /// The session of an event that is about none. No session has this number.
    pub const NO_SESSION: SessionId = SessionId(0);
    /// The customer of an event that is about no session. No customer has this number.
    pub const NO_CUSTOMER: CustomerId = CustomerId(0);

    /// The agent who sees other sessions since this event.
    pub fn looks_anew(&self) -> Option<AgentId> {
        self.audience.assignee_id.filter(|_| self.kind == EventKind::SightChanged)
    }
}

/// A change that is about to be written to the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The project it happened in.
    pub project_id: ProjectId,
    /// What happened.
    pub kind: EventKind,
    /// The session concerned.
    pub session_id: SessionId,
    /// The customer of that session.
    pub customer_id: CustomerId,
    /// The message concerned, if one is.
    pub message_id: Option<MessageId>,
    /// The ticket concerned, if one is.
    pub ticket: Option<TicketEvent>,
    /// The clock of a service level that is concerned, if one is.
    pub clock_id: Option<SlaClockId>,
    /// The to-do concerned, if one is.
    pub todo_id: Option<TodoId>,
    /// Why it happened.
    pub cause: Cause,
    /// When it happened, on the project's clock.
    pub at: Time,
    /// Those for whom the session went on before, if the event changes that. For whom it goes on afterwards the log
    /// itself takes from the session.
    pub audience_before: Option<Audience>,
}

named_enum! {
    /// Why something changed.
    pub enum Cause {
        /// A customer wrote.
        CustomerMessage = "CUSTOMER_MESSAGE",
        /// A customer changed what they had written.
        CustomerEdit = "CUSTOMER_EDIT",
        /// An agent answered.
        AgentReply = "AGENT_REPLY",
        /// Telegram answered a send.
        Delivery = "DELIVERY",
        /// A session got or lost its agent.
        Assignment = "ASSIGNMENT",
        /// An agent looked at the session.
        Viewed = "VIEWED",
        /// An agent closed the session.
        AgentClose = "AGENT_CLOSE",
        /// An agent opened the session again.
        AgentReopen = "AGENT_REOPEN",
        /// The customer was silent for too long.
        NoResponse = "NO_RESPONSE",
        /// A customer reacted to a message.
        CustomerReaction = "CUSTOMER_REACTION",
        /// A customer deleted what they had written.
        CustomerDelete = "CUSTOMER_DELETE",
        /// A customer tapped a button.
        ButtonPress = "BUTTON_PRESS",
        /// Something happened in the chat that nobody wrote.
        ChatEvent = "CHAT_EVENT",
        /// A customer blocked the bot or let it in again.
        Reachability = "REACHABILITY",
        /// A group got another number in Telegram.
        Migration = "MIGRATION",
        /// An agent changed what they had written.
        AgentEdit = "AGENT_EDIT",
        /// An agent deleted a message.
        AgentDelete = "AGENT_DELETE",
        /// A message was pinned, or no longer is.
        Pin = "PIN",
        /// The desk wrote by itself.
        Automatic = "AUTOMATIC",
        /// A customer came by a diversion link.
        Diversion = "DIVERSION",
        /// A session got or lost tags.
        Tagging = "TAGGING",
        /// A session went to another team or agent.
        Transfer = "TRANSFER",
        /// A customer was banned, or no longer is.
        Ban = "BAN",
        /// Everything about a customer was erased.
        Erasure = "ERASURE",
        /// The desk chose an agent for the session.
        Routing = "ROUTING",
        /// The agent let the session lie, and another one got it.
        Rerouting = "REROUTING",
        /// Nobody was there for the session, which waits.
        Queued = "QUEUED",
        /// A supervisor, or somebody who read along, took the session over.
        TakeOver = "TAKE_OVER",
        /// An agent joined the session.
        Join = "JOIN",
        /// An agent left the session.
        Leave = "LEAVE",
        /// An agent set where the session stands or what it waits for.
        StatusChange = "STATUS_CHANGE",
        /// What the session waited for is due.
        FollowUpDue = "FOLLOW_UP_DUE",
        /// An agent resolved what the session is about.
        Resolved = "RESOLVED",
        /// Nothing came back after the session was resolved.
        ResolvedClose = "RESOLVED_CLOSE",
        /// The session got another priority.
        Priority = "PRIORITY",
        /// A private note was written, changed or taken away.
        Note = "NOTE",
        /// The rules of the project acted on what the customer wrote.
        Trigger = "TRIGGER",
        /// A message was sent at the time that it was written for.
        Scheduled = "SCHEDULED",
        /// What is known of the customer changed.
        Profile = "PROFILE",
        /// An agent was deactivated or lost their role, and the session went on without them.
        Deactivation = "DEACTIVATION",
        /// An agent said whether it was right that a trigger fired.
        Judgement = "JUDGEMENT",
        /// A ticket was opened, changed or resolved.
        Ticket = "TICKET",
        /// A ticket went to another line or team, and its session with it.
        Escalation = "ESCALATION",
        /// The customer said that a ticket cannot wait.
        Urgent = "URGENT",
        /// The time for a promise is about to run out.
        SlaWarning = "SLA_WARNING",
        /// The time for a promise has run out.
        SlaBreach = "SLA_BREACH",
        /// A promise was met, in time or late.
        SlaAnswered = "SLA_ANSWERED",
        /// A promise is no longer to be met.
        SlaCancelled = "SLA_CANCELLED",
        /// The time for a promise stands still, since the customer is waited for.
        SlaPaused = "SLA_PAUSED",
        /// The time for a promise goes on.
        SlaResumed = "SLA_RESUMED",
        /// A promise is another one, by a change of the policy, the type or the priority.
        SlaPolicyChanged = "SLA_POLICY_CHANGED",
        /// The customer said how satisfied they are.
        Rated = "RATED",
        /// Something that is owed to the customer was noted, changed, done or given up.
        Todo = "TODO",
    }
}
