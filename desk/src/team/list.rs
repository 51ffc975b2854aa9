//! Reading teams.

use domain::{ApiScope, ProjectId, Team, TeamGroup, TeamId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// The teams of a project, by line and name.
    pub async fn teams(&self, actor: &Actor, project_id: ProjectId) -> Result<Vec<Team>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.teams_of_project(project_id).await?)
    }

    /// Those of the teams that the actor may see, in no order.
    pub async fn teams_by_id(&self, actor: &Actor, ids: &[TeamId]) -> Result<Vec<Team>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.teams(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for team in found {
            if self.role_in(actor, team.project_id).await?.is_some() {
                visible.push(team);
            }
        }
        Ok(visible)
    }

    /// The groups of these teams, which the actor may see if they may see the teams.
    pub async fn groups_of_teams(&self, actor: &Actor, ids: &[TeamId]) -> Result<Vec<TeamGroup>, Error> {
        let teams = self.teams_by_id(actor, ids).await?;
        let ids: Vec<i64> = teams.iter().map(|team| team.id.0).collect();
        Ok(self.store.read().await?.team_groups(&ids).await?)
    }
}
