//! Invitations: ways to become an agent.

use chrono::Duration;

use crate::{Agent, AgentId, InvitationId, ProjectId, Role, TeamId, Time, WorkspaceId, WorkspaceRole, named_enum};

/// How long an invitation can be accepted.
pub const INVITATION_LIFETIME: Duration = Duration::days(7);

/// In how many projects one invitation gives a role at most.
pub const MOST_INVITED_ROLES: usize = 100;

named_enum! {
    /// What has become of an invitation.
    pub enum InvitationState {
        /// It can be accepted.
        Open = "OPEN",
        /// Somebody has become an agent by it.
        Accepted = "ACCEPTED",
        /// It was taken back.
        Revoked = "REVOKED",
        /// Nobody has accepted it in time.
        Expired = "EXPIRED",
    }
}

/// What somebody is to be in a project.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InvitedRole {
    /// The project.
    pub project_id: ProjectId,
    /// What they may do there.
    #[serde(serialize_with = "by_name")]
    pub role: Role,
    /// The teams of the project that they are to be in, each once.
    pub team_ids: Vec<TeamId>,
}

fn by_name<S: serde::Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.name())
}

/// A way to become an agent, for whoever knows its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The identifier.
    pub id: InvitationId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The address that the agent is to sign in with, in lower case.
    pub email: String,
    /// The name that is to be shown to colleagues.
    pub name: String,
    /// What they are to be in the workspace.
    pub workspace_role: WorkspaceRole,
    /// What they are to be in projects, in the order of the projects.
    pub roles: Vec<InvitedRole>,
    /// Who invited them.
    pub invited_by: AgentId,
    /// When that was.
    pub created_at: Time,
    /// From when on it cannot be accepted.
    pub expires_at: Time,
    /// When it was accepted, if it was.
    pub accepted_at: Option<Time>,
    /// When it was taken back, if it was.
    pub revoked_at: Option<Time>,
    /// Who has come of it.
    pub agent_id: Option<AgentId>,
}

/// Whether an agent with these roles in projects may hand out an invitation with what it gives: administrators of the
/// workspace whatever they like, those of projects roles in their projects and nothing else.
pub fn may_hand_out(
    inviter: &Agent,
    memberships: &[(ProjectId, Role)],
    workspace_role: WorkspaceRole,
    roles: &[InvitedRole],
) -> bool {
    let administers = |role: &InvitedRole| memberships.contains(&(role.project_id, Role::Admin));
    inviter.active
        && match inviter.workspace_role {
            WorkspaceRole::Admin => true,
            WorkspaceRole::Member => {
                workspace_role == WorkspaceRole::Member && !roles.is_empty() && roles.iter().all(administers)
            }
        }
}

impl Invitation {
    /// What has become of it.
    pub fn state(&self, now: Time) -> InvitationState {
        match (self.accepted_at, self.revoked_at) {
            (Some(_), _) => InvitationState::Accepted,
            (None, Some(_)) => InvitationState::Revoked,
            (None, None) if self.expires_at <= now => InvitationState::Expired,
            (None, None) => InvitationState::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hands_out_more_than_they_administer() {
        let inviter = |workspace_role, active| Agent {
            id: AgentId(1),
            workspace_id: WorkspaceId(1),
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            workspace_role,
            active,
            created_at: Time::UNIX_EPOCH,
        };
        let role = |project| InvitedRole { project_id: ProjectId(project), role: Role::Agent, team_ids: Vec::new() };
        let memberships = [(ProjectId(1), Role::Admin), (ProjectId(2), Role::Supervisor)];
        let may = |inviter: &Agent, workspace_role, roles: &[InvitedRole]| {
            may_hand_out(inviter, &memberships, workspace_role, roles)
        };
        let (member, admin) = (WorkspaceRole::Member, WorkspaceRole::Admin);
        let of_project = inviter(member, true);
        assert!(may(&of_project, member, &[role(1)]));
        for (workspace_role, roles) in
            [(admin, vec![role(1)]), (member, vec![]), (member, vec![role(1), role(2)]), (member, vec![role(3)])]
        {
            assert!(!may(&of_project, workspace_role, &roles), "{workspace_role} {roles:?}");
            assert!(may(&inviter(admin, true), workspace_role, &roles));
            assert!(!may(&inviter(admin, false), workspace_role, &roles), "who is gone invites nobody");
        }
    }

    #[test]
    fn an_invitation_is_open_until_it_is_accepted_revoked_or_a_week_old() {
        let at = |seconds| Time::from_timestamp(1_790_000_000 + seconds, 0).unwrap();
        let week = INVITATION_LIFETIME.num_seconds();
        let open = Invitation {
            id: InvitationId(1),
            workspace_id: WorkspaceId(1),
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            workspace_role: WorkspaceRole::Member,
            roles: Vec::new(),
            invited_by: AgentId(1),
            created_at: at(0),
            expires_at: at(0) + INVITATION_LIFETIME,
            accepted_at: None,
            revoked_at: None,
            agent_id: None,
        };
        assert_eq!(open.state(at(week - 1)), InvitationState::Open);
        assert_eq!(open.state(at(week)), InvitationState::Expired);
        let revoked = Invitation { revoked_at: Some(at(1)), ..open.clone() };
        assert_eq!(revoked.state(at(week)), InvitationState::Revoked);
        let accepted = Invitation { accepted_at: Some(at(1)), ..open };
        assert_eq!(accepted.state(at(week)), InvitationState::Accepted);
    }
}
