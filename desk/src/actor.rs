//! Who acts, and what they may do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{Agent, AgentId, Project, ProjectId, Role, TokenFamilyId, WorkspaceId, WorkspaceRole};

use crate::{Desk, Error};

/// A signed-in agent with the rights that they have now.
#[derive(Debug)]
pub struct Actor {
    /// The agent.
    pub agent: Agent,
    /// The sign-in that the agent acts through.
    pub family_id: TokenFamilyId,
    memberships: HashMap<ProjectId, Role>,
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

    /// Whether the agent may see a project at all.
    pub fn may_see(&self, project: &Project) -> bool {
        self.role_in(project.id, project.workspace_id).is_some()
    }

    /// Whether the agent administers the workspace.
    pub fn is_workspace_admin(&self) -> bool {
        self.agent.workspace_role == WorkspaceRole::Admin
    }
}

/// How long rights that were read stay in use. Rights that are taken away end within this.
const RIGHTS_LIVE_FOR: Duration = Duration::from_millis(500);

/// How many actors are remembered before those that ran out are dropped.
const REMEMBERED: usize = 4096;

/// The actors of the last moments, so that a busy console does not cost three statements a
/// request for the same answer.
#[derive(Default)]
pub(crate) struct Actors(Mutex<HashMap<Key, (Instant, Arc<Actor>)>>);

/// An agent and the sign-in that they act through.
type Key = (AgentId, TokenFamilyId);

impl Actors {
    fn fresh(&self, key: Key) -> Option<Arc<Actor>> {
        let actors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        actors.get(&key).filter(|(read_at, _)| read_at.elapsed() < RIGHTS_LIVE_FOR).map(|(_, actor)| actor.clone())
    }

    fn remember(&self, actor: &Arc<Actor>) {
        let mut actors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if actors.len() >= REMEMBERED {
            actors.retain(|_, (read_at, _)| read_at.elapsed() < RIGHTS_LIVE_FOR);
        }
        actors.insert((actor.agent.id, actor.family_id), (Instant::now(), actor.clone()));
    }

    pub(crate) fn forget(&self, actor: &Actor) {
        let mut actors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        actors.remove(&(actor.agent.id, actor.family_id));
    }
}

impl Desk {
    /// The agent who acts through a sign-in, with the rights that they have now, at most half
    /// a second old. Fails with [`Error::Unauthenticated`] once the sign-in has ended or the
    /// agent is no longer active.
    pub async fn actor(&self, agent_id: AgentId, family_id: TokenFamilyId) -> Result<Arc<Actor>, Error> {
        if let Some(actor) = self.actors.fresh((agent_id, family_id)) {
            return Ok(actor);
        }
        let mut reader = self.store.read().await?;
        if !reader.token_family_is_live(family_id, self.now()).await? {
            return Err(Error::Unauthenticated);
        }
        let agent = reader.agent(agent_id).await?.filter(|agent| agent.active).ok_or(Error::Unauthenticated)?;
        let memberships = reader.memberships(agent_id).await?.into_iter().collect();
        let actor = Arc::new(Actor { agent, family_id, memberships });
        self.actors.remember(&actor);
        Ok(actor)
    }
}
