//! Agents and what they may do.

use crate::{AgentId, Time, WorkspaceId, named_enum};

named_enum! {
    /// What an agent may do in one project. Later roles include the earlier ones.
    pub enum Role {
        /// Answers customers.
        Agent = "AGENT",
        /// Sees every session and manages the work of the agents.
        Supervisor = "SUPERVISOR",
        /// Manages the project itself.
        Admin = "ADMIN",
    }
}

named_enum! {
    /// What an agent is in their workspace.
    pub enum WorkspaceRole {
        /// Has the rights given project by project.
        Member = "MEMBER",
        /// Is an administrator of every project of the workspace.
        Admin = "ADMIN",
    }
}

/// A member of a workspace who answers customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The identifier.
    pub id: AgentId,
    /// The workspace the agent belongs to.
    pub workspace_id: WorkspaceId,
    /// The address the agent signs in with, in lower case.
    pub email: String,
    /// The name shown to colleagues.
    pub name: String,
    /// What the agent is in the workspace.
    pub workspace_role: WorkspaceRole,
    /// False once the agent may no longer sign in.
    pub active: bool,
    /// When the agent was added.
    pub created_at: Time,
}

/// Brings an e-mail address to the form in which accounts are compared.
pub fn normal_email(email: &str) -> String {
    crate::text::without_nul(email).trim().to_lowercase()
}
