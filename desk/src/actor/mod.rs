//! Who acts, and what they may do.
//!
//! Rights that were read stay in use until the watcher finds that somebody's rights have
//! changed, in this process or another. Whoever goes on for longer than one request, such as a
//! subscription, is told when the rights that it knows are no longer the present ones.

mod known;
mod last_use;
mod look_up;
mod watched;
mod watcher;

use std::collections::HashMap;
use std::sync::Arc;

use domain::{
    Agent, ApiScope, Project, ProjectId, Role, Sight, TeamId, Time, TokenFamilyId, WorkspaceId, WorkspaceRole,
};
use tokio::sync::watch;

pub(crate) use known::Actors;
use last_use::LastUse;
pub use watcher::RightsWatcher;

use crate::{Credential, Error};

/// An agent who acts through a credential, with the rights that they have now.
#[derive(Debug)]
pub struct Actor {
    /// The agent.
    pub agent: Agent,
    /// What the agent acts through.
    pub credential: Credential,
    memberships: HashMap<ProjectId, Role>,
    /// The teams that the agent is in, in ascending order.
    team_ids: Arc<[TeamId]>,
    /// What the API token is good for; nothing for a sign-in, which is good for everything.
    scopes: Option<Vec<ApiScope>>,
    expires_at: Option<Time>,
    last_use: LastUse,
    standing: watch::Sender<Standing>,
}

/// Whether these are the present rights of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// As far as is known.
    Present,
    /// There are others now.
    Changed,
    /// The credential is no longer taken.
    Ended,
}

impl Actor {
    /// The agent's role in a project of a workspace, if any.
    pub fn role_in(&self, project_id: ProjectId, workspace_id: WorkspaceId) -> Option<Role> {
        if workspace_id != self.agent.workspace_id {
            return None;
        }
        match self.agent.workspace_role {
            WorkspaceRole::Admin => Some(Role::Admin),
            WorkspaceRole::Member => self.memberships.get(&project_id).copied(),
        }
    }

    /// How far the agent sees in a project of a workspace; nothing if they have no role in it.
    pub(crate) fn sight_in(&self, project_id: ProjectId, workspace_id: WorkspaceId) -> Option<Sight> {
        self.role_in(project_id, workspace_id).map(|role| Sight::of(role, self.agent.id, &self.team_ids))
    }

    /// Whether the agent may see a project at all.
    pub fn may_see(&self, project: &Project) -> bool {
        self.role_in(project.id, project.workspace_id).is_some()
    }

    /// Whether the agent administers the workspace.
    pub fn is_workspace_admin(&self) -> bool {
        self.agent.workspace_role == WorkspaceRole::Admin
    }

    /// Whether the agent administers the workspace or a project of it.
    pub(crate) fn is_admin_somewhere(&self) -> bool {
        self.is_workspace_admin() || self.memberships.values().any(|role| *role == Role::Admin)
    }

    /// When the credential ends by itself, if ever.
    pub fn expires_at(&self) -> Option<Time> {
        self.expires_at
    }

    /// Fails if the agent acts through an API token without this scope.
    pub(crate) fn needs(&self, scope: ApiScope) -> Result<(), Error> {
        match &self.scopes {
            Some(scopes) if !scopes.contains(&scope) => Err(Error::MissingScope(scope)),
            _ => Ok(()),
        }
    }

    /// Fails if the agent acts through an API token; answers the sign-in otherwise.
    pub(crate) fn needs_sign_in(&self) -> Result<TokenFamilyId, Error> {
        match self.credential {
            Credential::SignIn { family_id, .. } => Ok(family_id),
            Credential::ApiToken(_) => Err(Error::SignInNeeded),
        }
    }

    /// Hears when the rights are no longer the present ones.
    pub(crate) fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.subscribe()
    }

    fn has_same_rights(&self, other: &Self) -> bool {
        self.agent == other.agent
            && self.memberships == other.memberships
            && self.team_ids == other.team_ids
            && self.scopes == other.scopes
            && self.expires_at == other.expires_at
    }
}
