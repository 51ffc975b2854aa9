//! What the store takes in about invitations, beside the entities of the domain.

use domain::invitation::InvitedRole;
use domain::{AgentId, Time, WorkspaceId, WorkspaceRole};

/// An invitation to be added.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The hash of its code.
    pub hash: String,
    /// The e-mail address in its normal form.
    pub email: String,
    /// The name.
    pub name: String,
    /// What they are to be in the workspace.
    pub workspace_role: WorkspaceRole,
    /// What they are to be in projects.
    pub roles: Vec<InvitedRole>,
    /// Who invites them.
    pub invited_by: AgentId,
    /// The present time.
    pub created_at: Time,
    /// From when on it cannot be accepted.
    pub expires_at: Time,
}
