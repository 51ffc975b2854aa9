//! Reading projects.

use domain::{Project, ProjectId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// One project, if the actor may see it.
    pub async fn project(&self, actor: &Actor, id: ProjectId) -> Result<Option<Project>, Error> {
        let project = self.store.read().await?.project(id).await?;
        Ok(project.filter(|project| actor.may_see(project)))
    }

    /// Those of the projects that the actor may see, in no order.
    pub async fn projects_by_id(&self, actor: &Actor, ids: &[ProjectId]) -> Result<Vec<Project>, Error> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut projects = self.store.read().await?.projects(&ids).await?;
        projects.retain(|project| actor.may_see(project));
        Ok(projects)
    }

    /// The projects that the actor may see, oldest first.
    pub async fn projects(
        &self,
        actor: &Actor,
        request: PageRequest<ProjectId>,
    ) -> Result<Connection<Project, ProjectId>, Error> {
        let page = request.page()?;
        let mut projects = self.visible_projects(actor).await?;
        projects.retain(|project| {
            page.after.is_none_or(|after| project.id > after) && page.before.is_none_or(|before| project.id < before)
        });
        if page.from_end {
            projects.reverse();
        }
        projects.truncate(page.size);
        Ok(Connection::new(page, projects, |project| project.id))
    }

    /// How many projects the actor may see.
    pub async fn project_count(&self, actor: &Actor) -> Result<usize, Error> {
        Ok(self.visible_projects(actor).await?.len())
    }

    async fn visible_projects(&self, actor: &Actor) -> Result<Vec<Project>, Error> {
        let mut projects = self.store.read().await?.projects_of_workspace(actor.agent.workspace_id).await?;
        projects.retain(|project| actor.may_see(project));
        Ok(projects)
    }
}
