//! The type `Agent`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use domain::ProjectId;

use super::seats::Seats;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id::{self, Id};
use crate::schema::page::PageArguments;
use crate::schema::project::Project;
use crate::schema::routing::AgentPresence;
use crate::schema::scalar::DateTime;
use crate::schema::staff::StaffLink;
use crate::schema::team::Team;
use crate::view::View;

/// What an agent is in their workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::WorkspaceRole")]
pub(crate) enum WorkspaceRole {
    /// Has the rights given project by project.
    Member,
    /// Is an administrator of every project of the workspace.
    Admin,
}

pub(crate) struct Agent {
    row: Arc<domain::Agent>,
    view: View,
}

impl Agent {
    pub(crate) fn new(row: Arc<domain::Agent>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A member of a workspace who answers customers.
#[Object]
impl Agent {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name shown to colleagues.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The address that the agent signs in with, in lower case.
    fn email(&self) -> &str {
        &self.row.email
    }

    /// What the agent is in the workspace.
    fn workspace_role(&self) -> WorkspaceRole {
        self.row.workspace_role.into()
    }

    /// False once the agent may no longer sign in.
    fn active(&self) -> bool {
        self.row.active
    }

    /// When the agent was added.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// How many agents your workspace may have, if this is you and you administer the workspace or a project of it. Null
    /// otherwise.
    async fn seats(&self) -> Result<Option<Seats>> {
        if self.row.id != self.view.actor().agent.id {
            return Ok(None);
        }
        Ok(Box::pin(self.view.desk().seats(self.view.actor())).await?.map(Seats::of))
    }

    /// The teams of a project that the agent is in, by line and name. Empty if you may not see the project.
    async fn teams(&self, #[graphql(desc = "The global id of the project.")] project_id: ID) -> Result<Vec<Team>> {
        let project: ProjectId = id::parse(&project_id)?;
        let teams = self.view.loaders().teams_of_agents().load(self.row.id).await?;
        let teams = teams.iter().flat_map(|teams| teams.iter()).filter(|team| team.project_id == project);
        Ok(teams.map(|team| Team::new(Arc::new(team.clone()), &self.view)).collect())
    }

    /// Whether the agent is there in a project at this moment. Null if you may not see the project, or the agent may no longer
    /// sign in. To be told of changes, follow the subscription `presence`.
    async fn presence(
        &self,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
    ) -> Result<Option<AgentPresence>> {
        let project: ProjectId = id::parse(&project_id)?;
        if !self.row.active {
            return Ok(None);
        }
        let presence = self.view.loaders().presence_of_agents().load((project, self.row.id)).await?;
        Ok(presence.map(|presence| (*presence).into()))
    }

    /// The agent's Telegram accounts that get their notices, one a project. Empty for a colleague, unless you administer
    /// the workspace.
    async fn staff_links(&self) -> Result<Vec<StaffLink>> {
        let links = self.view.loaders().staff_links().load(self.row.id).await?;
        let links = links.iter().flat_map(|links| links.iter());
        Ok(links.map(|link| StaffLink::new(link.clone(), &self.view)).collect())
    }

    /// The projects that the agent works in, oldest first. Of a colleague, only those that you may see too.
    async fn projects(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Project>> {
        let (view, row) = (&self.view, &self.row);
        let list = List::projects_of(row.id);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| ProjectId(place.id))?;
        let page = Box::pin(view.desk().projects_of_agent(view.actor(), row, page)).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |project| Project::new(Arc::new(project), view),
        ))
    }
}
