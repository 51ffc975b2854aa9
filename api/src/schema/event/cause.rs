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
    /// The assigned agent looked at the session.
    Viewed,
    /// An agent closed the session.
    AgentClose,
    /// An agent opened the session again.
    AgentReopen,
    /// The customer was silent for too long.
    NoResponse,
}
