//! Why something happened.

use async_graphql::Enum;

/// Why something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::event::Cause")]
pub(crate) enum EventCause {
    /// A customer wrote.
    CustomerMessage,
    /// A customer changed what they had written.
    CustomerEdit,
    /// An agent answered.
    AgentReply,
    /// Telegram answered a send.
    Delivery,
    /// A session got or lost its agent.
    Assignment,
    /// An agent looked at the session.
    Viewed,
    /// An agent closed the session.
    AgentClose,
    /// An agent opened the session again.
    AgentReopen,
    /// The customer was silent for too long.
    NoResponse,
    /// A customer reacted to a message.
    CustomerReaction,
    /// A customer deleted what they had written.
    CustomerDelete,
    /// A customer tapped a button.
    ButtonPress,
    /// Something happened in the chat that nobody wrote.
    ChatEvent,
    /// A customer blocked the bot or let it in again.
    Reachability,
    /// A group got another number in Telegram.
    Migration,
    /// An agent changed what they had written.
    AgentEdit,
    /// An agent deleted a message.
    AgentDelete,
    /// A message was pinned, or no longer is.
    Pin,
    /// The desk wrote by itself.
    Automatic,
    /// A customer came by a diversion link.
    Diversion,
    /// A session got or lost tags.
    Tagging,
    /// A session went to another team or agent.
    Transfer,
    /// A customer was banned, or no longer is.
    Ban,
    /// Everything about a customer was erased.
    Erasure,
    /// The desk chose an agent for the session.
    Routing,
    /// The agent let the session lie, and another one got it.
    Rerouting,
    /// Nobody was there for the session, which waits.
    Queued,
    /// A supervisor, or somebody who read along, took the session over.
    TakeOver,
    /// An agent joined the session.
    Join,
    /// An agent left the session.
    Leave,
    /// An agent set where the session stands or what it waits for.
    StatusChange,
    /// What the session waited for is due.
    FollowUpDue,
    /// An agent resolved what the session is about.
    Resolved,
    /// Nothing came back after the session was resolved.
    ResolvedClose,
    /// The session got another priority.
    Priority,
    /// A private note was written, changed or taken away.
    Note,
    /// The rules of the project acted on what the customer wrote.
    Trigger,
    /// A message was sent at the time that it was written for.
    Scheduled,
    /// What is known of the customer changed.
    Profile,
    /// An agent was deactivated or lost their role, and the session went on without them.
    Deactivation,
    /// An agent said whether it was right that a trigger fired.
    Judgement,
    /// A ticket was opened, changed or resolved.
    Ticket,
    /// A ticket went to another line or team, and its session with it.
    Escalation,
    /// The customer said that a ticket cannot wait.
    Urgent,
    /// The time for a promise is about to run out.
    SlaWarning,
    /// The time for a promise has run out.
    SlaBreach,
    /// A promise was met, in time or late.
    SlaAnswered,
    /// A promise is no longer to be met.
    SlaCancelled,
    /// The time for a promise stands still, since the customer is waited for.
    SlaPaused,
    /// The time for a promise goes on.
    SlaResumed,
    /// A promise is another one, by a change of the policy, the type or the priority.
    SlaPolicyChanged,
    /// The customer said how satisfied they are.
    Rated,
    /// Something that is owed to the customer was noted, changed, done or given up.
    Todo,
}
