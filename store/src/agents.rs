//! What the store takes in and gives out about agents, beside the entities of the domain.

use domain::{Time, WorkspaceId, WorkspaceRole};

/// An agent to be added.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The e-mail address in its normal form.
    pub email: String,
    /// The name shown to colleagues.
    pub name: String,
    /// The hash of the password as a PHC string.
    pub password_hash: String,
    /// What the agent is in the workspace.
    pub workspace_role: WorkspaceRole,
    /// The present time.
    pub created_at: Time,
}
