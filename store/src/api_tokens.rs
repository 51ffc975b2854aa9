//! What the store takes in about API tokens, beside the entity of the domain.

use domain::{AgentId, ApiScope, Time};

/// An API token to be added.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// The hash of its secret.
    pub hash: String,
    /// Who makes it.
    pub agent_id: AgentId,
    /// What the agent calls it.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<ApiScope>,
    /// When it ends by itself, if ever.
    pub expires_at: Option<Time>,
    /// The present time.
    pub created_at: Time,
}

/// Whose API tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owners {
    /// Those of one agent.
    Agent(AgentId),
    /// Those of every agent of a workspace.
    Workspace(domain::WorkspaceId),
}
