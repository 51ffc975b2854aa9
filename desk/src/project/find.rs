//! Reading projects.

use domain::{Agent, ApiScope, Project, ProjectId, WorkspaceRole};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// One project, if the actor may see it.
    pub async fn project(&self, actor: &Actor, id: ProjectId) -> Result<Option<Project>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.visible_project(actor, id).await
    }

    /// One project, if the actor may see it, for what they do there and may do without looking
    /// at projects.
    pub(crate) async fn visible_project(&self, actor: &Actor, id: ProjectId) -> Result<Option<Project>, Error> {
        let project = self.store.read().await?.project(id).await?;
        Ok(project.filter(|project| actor.may_see(project)))
    }

    /// Those of the projects that the actor may see, in no order.
    pub async fn projects_by_id(&self, actor: &Actor, ids: &[ProjectId]) -> Result<Vec<Project>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut projects = self.store.read().await?.projects(&ids).await?;
        projects.retain(|project| actor.may_see(project));
        Ok(projects)
    }

    /// The projects that the actor may see, oldest first; archived ones only if asked for.
    pub async fn projects(
        &self,
        actor: &Actor,
        archived: bool,
        request: PageRequest<ProjectId>,
    ) -> Result<Connection<Project, ProjectId>, Error> {
        request.cut(self.listed_projects(actor, archived).await?, |project| project.id)
    }

    async fn listed_projects(&self, actor: &Actor, archived: bool) -> Result<Vec<Project>, Error> {
        let mut projects = self.visible_projects(actor).await?;
        projects.retain(|project| archived || project.archived_at.is_none());
        Ok(projects)
    }

    /// The projects that an agent of the actor's workspace works in and that the actor may see too, oldest first.
    pub async fn projects_of_agent(
        &self,
        actor: &Actor,
        agent: &Agent,
        request: PageRequest<ProjectId>,
    ) -> Result<Connection<Project, ProjectId>, Error> {
        request.cut(self.visible_projects_of(actor, agent).await?, |project| project.id)
    }

    async fn visible_projects_of(&self, actor: &Actor, agent: &Agent) -> Result<Vec<Project>, Error> {
        let mut projects = self.listed_projects(actor, false).await?;
        if agent.workspace_role != WorkspaceRole::Admin {
            let memberships = self.store.read().await?.memberships(agent.id).await?;
            projects.retain(|project| memberships.iter().any(|(id, _)| *id == project.id));
        }
        Ok(projects)
    }

    async fn visible_projects(&self, actor: &Actor) -> Result<Vec<Project>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let mut projects = self.store.read().await?.projects_of_workspace(actor.agent.workspace_id).await?;
        projects.retain(|project| actor.may_see(project));
        Ok(projects)
    }
}
