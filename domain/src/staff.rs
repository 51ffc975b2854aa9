//! Telegram accounts of agents.

use chrono::Duration;

use crate::{AgentId, ChatId, ProjectId, Time};

/// How long a code works by which an agent or a team links a chat.
pub const LINK_CODE_LIFETIME: Duration = Duration::minutes(15);

/// An agent's own chat with the bot of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLink {
    /// The project.
    pub project_id: ProjectId,
    /// The agent.
    pub agent_id: AgentId,
    /// The chat.
    pub chat_id: ChatId,
    /// The name of the Telegram account when it was linked.
    pub telegram_name: String,
    /// When it was linked.
    pub linked_at: Time,
    /// When the chat was last told that nobody reads what is written there.
    pub hinted_at: Option<Time>,
}
