//! What an agent is in a project.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{ProjectId, Role, Sight, WorkspaceId};

use crate::{Actor, Desk, Error};

/// The workspace of each project that was asked about. It never changes.
#[derive(Default)]
pub(crate) struct Workspaces(Mutex<HashMap<ProjectId, WorkspaceId>>);

impl Desk {
    /// The actor's role in a project; nothing if they have none or there is no such project,
    /// which must look alike.
    pub async fn role_in(&self, actor: &Actor, project_id: ProjectId) -> Result<Option<Role>, Error> {
        Ok(self.workspace_of(project_id).await?.and_then(|workspace| actor.role_in(project_id, workspace)))
    }

    /// How far the actor sees in a project; nothing if they have no role in it or there is no such project, which must
    /// look alike.
    pub(crate) async fn sight_in(&self, actor: &Actor, project_id: ProjectId) -> Result<Option<Sight>, Error> {
        Ok(self.workspace_of(project_id).await?.and_then(|workspace| actor.sight_in(project_id, workspace)))
    }

    pub(crate) async fn workspace_of(&self, project_id: ProjectId) -> Result<Option<WorkspaceId>, Error> {
        let known = |workspaces: &Workspaces| {
            workspaces.0.lock().unwrap_or_else(PoisonError::into_inner).get(&project_id).copied()
        };
        if let Some(workspace) = known(&self.workspaces) {
            return Ok(Some(workspace));
        }
        let Some(project) = self.store.read().await?.project(project_id).await? else { return Ok(None) };
        let mut workspaces = self.workspaces.0.lock().unwrap_or_else(PoisonError::into_inner);
        workspaces.insert(project_id, project.workspace_id);
        Ok(Some(project.workspace_id))
    }
}
