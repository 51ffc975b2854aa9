//! The sandbox that something is to happen in.

use domain::{ApiScope, Project, ProjectId};

use crate::{Actor, Desk, Rejected};

/// Why nothing can be simulated in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlaceRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// The project is on Telegram.
    #[error("this project is not a sandbox: its customers are on Telegram")]
    NotASandbox,
}

impl Desk {
    /// The sandbox, if the actor may do something in it.
    pub(super) async fn sandbox<R: From<PlaceRefusal>>(
        &self,
        actor: &Actor,
        project_id: ProjectId,
    ) -> Result<Project, Rejected<R>> {
        actor.needs(ApiScope::SandboxWrite)?;
        let refuse = |refusal: PlaceRefusal| Err(Rejected::Refused(refusal.into()));
        match self.visible_project(actor, project_id).await? {
            None => refuse(PlaceRefusal::ProjectNotFound),
            Some(project) if !project.sandbox => refuse(PlaceRefusal::NotASandbox),
            Some(project) => Ok(project),
        }
    }
}
