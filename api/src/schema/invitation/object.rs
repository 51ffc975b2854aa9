//! The types `Invitation` and `InvitationProject`.

use std::sync::Arc;

use async_graphql::{Enum, Object};
use domain::invitation::InvitedRole;

use crate::schema::agent::{Agent, WorkspaceRole};
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::project::{Project, ProjectRole};
use crate::schema::scalar::DateTime;
use crate::schema::team::Team;
use crate::view::View;

/// What has become of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::invitation::InvitationState")]
pub(crate) enum InvitationState {
    /// It can be accepted.
    Open,
    /// Somebody has become an agent by it.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Nobody has accepted it in time.
    Expired,
}

pub(crate) struct Invitation {
    row: Arc<domain::Invitation>,
    view: View,
}

impl Invitation {
    pub(crate) fn new(row: Arc<domain::Invitation>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A way to become an agent, for whoever knows its code. The code is shown once, by `agentInvite`; an open invitation takes
/// a seat.
#[Object]
impl Invitation {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The address that the agent is to sign in with, in lower case.
    fn email(&self) -> &str {
        &self.row.email
    }

    /// The name that is to be shown to colleagues.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// What the agent is to be in the workspace.
    fn workspace_role(&self) -> WorkspaceRole {
        self.row.workspace_role.into()
    }

    /// What the agent is to be in projects. Left out are projects that you may not see.
    async fn projects(&self) -> Result<Vec<InvitationProject>> {
        let mut projects = Vec::with_capacity(self.row.roles.len());
        for role in &self.row.roles {
            let found = self.view.loaders().projects().load(role.project_id).await?;
            projects.extend(found.map(|project| InvitationProject {
                project,
                role: role.clone(),
                view: self.view.clone(),
            }));
        }
        Ok(projects)
    }

    /// What has become of it.
    fn state(&self) -> InvitationState {
        self.row.state(self.view.desk().now()).into()
    }

    /// Who invited them.
    async fn invited_by(&self) -> Result<Agent> {
        let agent = self.view.loaders().agents().load(self.row.invited_by).await?;
        Ok(Agent::new(agent.ok_or(desk::Error::NotFound("agent"))?, &self.view))
    }

    /// Who has become an agent by it. Null unless it was accepted.
    async fn agent(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.agent_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// When they were invited.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// From when on it cannot be accepted.
    fn expires_at(&self) -> DateTime {
        self.row.expires_at.into()
    }

    /// When it was accepted. Null if it was not.
    fn accepted_at(&self) -> Option<DateTime> {
        self.row.accepted_at.map(DateTime::from)
    }

    /// When it was taken back. Null if it was not.
    fn revoked_at(&self) -> Option<DateTime> {
        self.row.revoked_at.map(DateTime::from)
    }
}

pub(crate) struct InvitationProject {
    project: Arc<domain::Project>,
    role: InvitedRole,
    view: View,
}

/// What somebody who is invited is to be in a project.
#[Object]
impl InvitationProject {
    /// The project.
    async fn project(&self) -> Project {
        Project::new(self.project.clone(), &self.view)
    }

    /// What they may do there.
    async fn role(&self) -> ProjectRole {
        self.role.role.into()
    }

    /// The teams that they are to be in. Left out are those that are gone.
    async fn teams(&self) -> Result<Vec<Team>> {
        let mut teams = Vec::with_capacity(self.role.team_ids.len());
        for id in &self.role.team_ids {
            let team = self.view.loaders().teams().load(*id).await?;
            teams.extend(team.map(|team| Team::new(team, &self.view)));
        }
        Ok(teams)
    }
}
