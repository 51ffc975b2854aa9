//! Inviting somebody.

use std::collections::HashSet;

use domain::agent::{NotAnEmail, parse_email};
use domain::audit::ObjectKind;
use domain::invitation::{INVITATION_LIFETIME, InvitationState, InvitedRole, MOST_INVITED_ROLES, may_hand_out};
use domain::name::{NameRefusal, parse_name};
use domain::{Agent, Invitation, Project, ProjectId, Role, WorkspaceRole};
use serde_json::json;
use store::Tx;

use crate::agent::{SeatLimitReached, check_seat};
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::keys::{OpaqueToken, TokenKind};
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// Somebody to be invited.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The address that they are to sign in with.
    pub email: String,
    /// The name that is to be shown to colleagues.
    pub name: String,
    /// What they are to be in the workspace.
    pub workspace_role: WorkspaceRole,
    /// What they are to be in projects.
    pub roles: Vec<InvitedRole>,
    /// Makes sending the same request again harmless for 24 hours.
    pub idempotency_key: Option<String>,
}

/// An invitation, with what nobody is told again.
pub struct InvitationCode {
    /// The invitation.
    pub invitation: Invitation,
    /// What accepts it. Nothing if an earlier request made the invitation: its code was told then.
    pub code: Option<String>,
}

/// Why nobody was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgentInviteRefusal {
    /// The actor administers nothing.
    #[error("only administrators of the workspace or of a project invite agents: ask one of them")]
    NotAdministrator,
    /// The actor administers projects only, and names none.
    #[error("name a project that you administer: only administrators of the workspace invite somebody without one")]
    ProjectRequired,
    /// What is to be given is more than the actor administers.
    #[error(
        "you cannot give more than you administer: leave out the role in the workspace, and the projects that you do not \
         administer, or ask an administrator of the workspace"
    )]
    RoleTooHigh,
    /// The address cannot be one.
    #[error(transparent)]
    Email(#[from] NotAnEmail),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound {
        /// Which of the roles names it, counted from 0.
        place: usize,
    },
    /// A project is named twice.
    #[error("this project is named twice: name each project once, with all teams")]
    ProjectRepeated {
        /// Which of the roles names it again, counted from 0.
        place: usize,
    },
    /// A team is not of its project.
    #[error("there is no such team in this project: choose some of its teams")]
    TeamNotFound {
        /// Which of the roles names it, counted from 0.
        place: usize,
    },
    /// There are more than [`MOST_INVITED_ROLES`].
    #[error("one invitation gives roles in at most {MOST_INVITED_ROLES} projects: give the others later")]
    TooManyProjects,
    /// The address belongs to an agent.
    #[error("an agent has this address: give them a role by `projectRoleSet`, or have them activated")]
    EmailTaken,
    /// The address is invited.
    #[error("an invitation for this address is open: revoke it before you invite them anew")]
    AlreadyInvited,
    /// There is no seat left.
    #[error(transparent)]
    SeatLimit(#[from] SeatLimitReached),
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<AgentInviteRefusal>> From<E> for Rejected<AgentInviteRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Invites somebody to become an agent, who takes a seat until the invitation ends.
    pub async fn agent_invite(
        &self,
        actor: &Actor,
        new: &NewInvitation,
    ) -> Result<InvitationCode, Rejected<AgentInviteRefusal>> {
        actor.needs_sign_in()?;
        let input = (&new.email, &new.name, new.workspace_role.name(), &new.roles);
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "agentInvite", &input)??;
        retried(|| self.try_agent_invite(actor, new, &request)).await
    }

    async fn try_agent_invite(
        &self,
        actor: &Actor,
        new: &NewInvitation,
        request: &Request<'_>,
    ) -> Result<InvitationCode, Rejected<AgentInviteRefusal>> {
        let workspace_id = actor.agent.workspace_id;
        let mut tx = self.store.begin().await?;
        tx.lock_people(workspace_id).await?;
        let me = tx.agent(actor.agent.id).await?.filter(|me| me.active).ok_or(Error::Unauthenticated)?;
        let projects = checked(&mut tx, &me, new).await?;
        if let Some(earlier) = request.earlier(self, &mut tx).await?? {
            let invitation = tx.invitations(&[earlier]).await?.pop().ok_or(Error::NotFound("invitation"))?;
            return Ok(InvitationCode { invitation, code: None });
        }
        let (email, name) = (parse_email(&new.email)?, parse_name(&new.name)?);
        if tx.agent_by_email(&email).await?.is_some() {
            return Err(AgentInviteRefusal::EmailTaken.into());
        }
        let now = self.now();
        if let Some(pending) = tx.pending_invitation(workspace_id, &email).await? {
            if pending.state(now) == InvitationState::Open {
                return Err(AgentInviteRefusal::AlreadyInvited.into());
            }
            tx.revoke_invitation(pending.id, now).await?;
        }
        check_seat(&mut tx, workspace_id, now).await??;
        let code = OpaqueToken::generate(TokenKind::Invitation);
        let new = store::invitations::NewInvitation {
            workspace_id,
            hash: self.keys.opaque_tokens.hash(&code).as_str().to_owned(),
            email,
            name,
            workspace_role: new.workspace_role,
            roles: in_order(&new.roles),
            invited_by: me.id,
            created_at: now,
            expires_at: now + INVITATION_LIFETIME,
        };
        let invitation = tx.insert_invitation(&new).await?;
        request.answer(self, &mut tx, invitation.id.0).await?;
        audit(&mut tx, &me, "agentInvite", &invitation, &projects, now).await?;
        self.commit(tx).await?;
        tracing::info!(invitation = %invitation.id, agent = %me.id, "somebody was invited");
        Ok(InvitationCode { invitation, code: Some(code.reveal().to_owned()) })
    }
}

/// The projects that roles are given in, if the inviter may give them.
async fn checked(
    tx: &mut Tx,
    inviter: &Agent,
    new: &NewInvitation,
) -> Result<Vec<Project>, Rejected<AgentInviteRefusal>> {
    let is_workspace_admin = inviter.workspace_role == WorkspaceRole::Admin;
    let memberships = tx.memberships(inviter.id).await?;
    if !is_workspace_admin && !memberships.iter().any(|(_, role)| *role == Role::Admin) {
        return Err(AgentInviteRefusal::NotAdministrator.into());
    }
    if new.roles.len() > MOST_INVITED_ROLES {
        return Err(AgentInviteRefusal::TooManyProjects.into());
    }
    let mut seen = HashSet::new();
    let mut projects = Vec::with_capacity(new.roles.len());
    for (place, role) in new.roles.iter().enumerate() {
        let is_known = is_workspace_admin || memberships.iter().any(|(of, _)| *of == role.project_id);
        let project = tx.project(role.project_id).await?;
        let project = project.filter(|project| is_known && project.workspace_id == inviter.workspace_id);
        projects.push(project.ok_or(AgentInviteRefusal::ProjectNotFound { place })?);
        if !seen.insert(role.project_id) {
            return Err(AgentInviteRefusal::ProjectRepeated { place }.into());
        }
        check_teams(tx, role, place).await?;
    }
    if !may_hand_out(inviter, &memberships, new.workspace_role, &new.roles) {
        let is_without = new.roles.is_empty() && new.workspace_role == WorkspaceRole::Member;
        let refusal = if is_without { AgentInviteRefusal::ProjectRequired } else { AgentInviteRefusal::RoleTooHigh };
        return Err(refusal.into());
    }
    Ok(projects)
}

async fn check_teams(tx: &mut Tx, role: &InvitedRole, place: usize) -> Result<(), Rejected<AgentInviteRefusal>> {
    let teams = tx.teams_of_project(role.project_id).await?;
    if role.team_ids.iter().all(|id| teams.iter().any(|team| team.id == *id)) {
        return Ok(());
    }
    Err(AgentInviteRefusal::TeamNotFound { place }.into())
}

/// The roles in the order of the projects, each team once.
fn in_order(roles: &[InvitedRole]) -> Vec<InvitedRole> {
    let mut roles = roles.to_vec();
    roles.sort_by_key(|role| role.project_id);
    for role in &mut roles {
        role.team_ids.sort_unstable();
        role.team_ids.dedup();
    }
    roles
}

/// Notes in the audit log what was done with an invitation: in each of the projects that it gives a role in, or in the
/// workspace if it gives none.
pub(crate) async fn audit(
    tx: &mut Tx,
    agent: &Agent,
    action: &'static str,
    invitation: &Invitation,
    projects: &[Project],
    wall: domain::Time,
) -> Result<(), store::Error> {
    let object = (ObjectKind::Invitation, invitation.id.0);
    let workspace_role = invitation.workspace_role.name();
    if projects.is_empty() {
        let audited = Audited::in_workspace(agent, action, object, wall);
        return audited.with(&json!({ "workspaceRole": workspace_role })).write(tx).await;
    }
    for project in projects {
        let given = role_in(invitation, project.id).map(|given| given.role.name());
        let details = json!({ "workspaceRole": workspace_role, "role": given });
        Audited::in_project(agent, project, action, object, wall).with(&details).write(tx).await?;
    }
    Ok(())
}

fn role_in(invitation: &Invitation, project: ProjectId) -> Option<&InvitedRole> {
    invitation.roles.iter().find(|role| role.project_id == project)
}
