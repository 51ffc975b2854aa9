//! The delivery of a message to Telegram.

use crate::named_enum;

named_enum! {
    /// How far a message has come on its way to Telegram.
    pub enum DeliveryState {
        /// Stored, waiting for its turn or being sent.
        Queued = "QUEUED",
        /// Telegram accepted it.
        Sent = "SENT",
        /// Telegram refused it, and will refuse it again.
        Failed = "FAILED",
        /// The connection broke after the request went out, so nobody can tell whether
        /// Telegram accepted it. An agent or a policy decides.
        Unknown = "UNKNOWN",
    }
}

/// What is known of the delivery of one outbound message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How far the message has come.
    pub state: DeliveryState,
    /// Why it failed or why its fate is unknown, in words for the agent.
    pub error: Option<String>,
}
