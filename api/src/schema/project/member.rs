//! The type `ProjectMember`.

use std::sync::Arc;

use async_graphql::Object;
use desk::agent::Member;

use super::object::ProjectRole;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::team::Team;
use crate::view::View;

pub(crate) struct ProjectMember {
    row: Member,
    view: View,
}

impl ProjectMember {
    pub(super) fn new(row: Member, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// An active agent who works in a project: they have a role in it, or administer the workspace.
#[Object]
impl ProjectMember {
    /// The agent.
    async fn agent(&self) -> Agent {
        Agent::new(Arc::new(self.row.agent.clone()), &self.view)
    }

    /// What they may do in the project. Administrators of the workspace are its administrators, too.
    async fn role(&self) -> ProjectRole {
        self.row.role().into()
    }

    /// The teams of the project that they are in, by line and name.
    async fn teams(&self) -> Result<Vec<Team>> {
        let teams = self.view.loaders().teams_of_agents().load(self.row.agent.id).await?;
        let teams = teams.iter().flat_map(|teams| teams.iter());
        let teams = teams.filter(|team| team.project_id == self.row.project.id);
        Ok(teams.map(|team| Team::new(Arc::new(team.clone()), &self.view)).collect())
    }
}
