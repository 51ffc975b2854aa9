//! Changes of what belongs to a project.

use domain::{Project, ProjectId, Role};
use store::Tx;

use crate::{Actor, Desk, Error};

/// Why an actor may not change what belongs to a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StandingRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    NotFound,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project do this: ask one of them")]
    NotSupervisor,
}

impl Desk {
    /// Begins a change of what belongs to a project, by somebody who is at least this in it.
    pub(crate) async fn change_in_project(
        &self,
        actor: &Actor,
        id: ProjectId,
        least: Role,
    ) -> Result<Result<(Tx, Project), StandingRefusal>, Error> {
        let mut tx = self.store.begin().await?;
        let Some(project) = tx.project(id).await? else { return Ok(Err(StandingRefusal::NotFound)) };
        Ok(match actor.role_in(project.id, project.workspace_id) {
            None => Err(StandingRefusal::NotFound),
            Some(role) if role < least => Err(StandingRefusal::NotSupervisor),
            Some(_) => Ok((tx, project)),
        })
    }
}
