//! What an operator does from the command line, beside the API.

use domain::agent::normal_email;
use domain::audit::ObjectKind;
use domain::{Agent, ProjectId, Role, Seats, WorkspaceRole};
use serde_json::json;
use store::agents::NewAgent;

use crate::agent::{SeatLimitReached, SightChange, bring_back, check_seat, leave_project, retire};
use crate::audit::Audited;
use crate::keys::PasswordError;
use crate::{Desk, Error};

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The desk has no workspace yet.
    #[error("the desk is not set up yet: start `switchboard serve` once")]
    NotSetUp,
    /// The address has no form of an address.
    #[error("{0:?} is not an e-mail address: write it like anna@example.com")]
    Email(String),
    /// The address belongs to another agent.
    #[error("there is already an agent with the address {0}")]
    EmailTaken(String),
    /// Nobody has this address.
    #[error("there is no agent with the address {0}: see `switchboard admin agent-list`")]
    NoSuchAgent(String),
    /// There is no such project in the agent's workspace.
    #[error("there is no project {0}: see `switchboard admin project-list`")]
    NoSuchProject(ProjectId),
    /// The agent has no role in the project.
    #[error("{0} has no role in project {1}: see `switchboard admin project-list`")]
    NotAssigned(String, ProjectId),
    /// There is no seat left.
    #[error(transparent)]
    SeatLimit(#[from] SeatLimitReached),
    /// A number of seats that there cannot be.
    #[error("a workspace has at least one seat: give a number above zero, or --unlimited")]
    NoSeats,
    /// The password cannot be taken.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Desk(#[from] Error),
}

impl From<store::Error> for AdminError {
    fn from(error: store::Error) -> Self {
        Self::Desk(error.into())
    }
}

impl Desk {
    /// Adds an agent to the workspace.
    pub async fn admin_agent_create(
        &self,
        email: &str,
        name: &str,
        password: &str,
        workspace_role: WorkspaceRole,
    ) -> Result<Agent, AdminError> {
        let email = normal_email(email);
        if !email.contains('@') {
            return Err(AdminError::Email(email));
        }
        let password_hash = self.keys.passwords.hash(password).await?;
        let mut tx = self.store.begin().await?;
        let workspace_id = tx.first_workspace().await?.ok_or(AdminError::NotSetUp)?;
        let now = self.now();
        tx.lock_people(workspace_id).await?;
        if tx.agent_by_email(&email).await?.is_some() {
            return Err(AdminError::EmailTaken(email));
        }
        check_seat(&mut tx, workspace_id, now).await??;
        let new = NewAgent {
            workspace_id,
            email: email.clone(),
            name: domain::text::without_nul(name).into_owned(),
            password_hash,
            workspace_role,
            created_at: now,
        };
        let agent = match tx.insert_agent(&new).await {
            Err(store::Error::Taken(_)) => return Err(AdminError::EmailTaken(email)),
            inserted => inserted?,
        };
        let audited = Audited::by_operator(workspace_id, "adminAgentCreate", (ObjectKind::Agent, agent.id.0), now);
        audited.with(&json!({ "workspaceRole": workspace_role.name() })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(agent)
    }

    /// Gives an agent a role in a project.
    pub async fn admin_agent_assign(&self, email: &str, project: ProjectId, role: Role) -> Result<(), AdminError> {
        let agent = self.admin_agent(email).await?;
        let mut tx = self.store.begin().await?;
        tx.lock_people(agent.workspace_id).await?;
        let found = tx.project(project).await?.filter(|project| project.workspace_id == agent.workspace_id);
        let project = found.ok_or(AdminError::NoSuchProject(project))?;
        let change = SightChange::begin(&mut tx, &project, agent.id).await?;
        tx.set_membership(project.id, agent.id, role).await?;
        change.end(&mut tx, self.now()).await?;
        let object = (ObjectKind::Agent, agent.id.0);
        let audited = Audited::by_desk(&project, "adminAgentAssign", object, self.now());
        audited.with(&json!({ "after": role.name() })).write(&mut tx).await?;
        Ok(self.commit(tx).await?)
    }

    /// Takes an agent's role in a project away. They leave its teams, and their open sessions wait for others.
    pub async fn admin_agent_unassign(&self, email: &str, project: ProjectId) -> Result<(), AdminError> {
        let agent = self.admin_agent(email).await?;
        let mut tx = self.store.begin().await?;
        tx.lock_people(agent.workspace_id).await?;
        let is_assigned = tx.memberships(agent.id).await?.iter().any(|(of, _)| *of == project);
        let found = tx.project(project).await?.filter(|_| is_assigned);
        let Some(project) = found else { return Err(AdminError::NotAssigned(agent.email, project)) };
        leave_project(&mut tx, &project, &agent, self.now()).await?;
        let object = (ObjectKind::Agent, agent.id.0);
        Audited::by_desk(&project, "adminAgentUnassign", object, self.now()).write(&mut tx).await?;
        Ok(self.commit(tx).await?)
    }

    /// Gives an agent a new password and ends every sign-in and API token of theirs: whoever knew the old password
    /// could have made one. Answers how many API tokens were ended.
    pub async fn admin_password_reset(&self, email: &str, password: &str) -> Result<usize, AdminError> {
        let agent = self.admin_agent(email).await?;
        let hash = self.keys.passwords.hash(password).await?;
        let mut tx = self.store.begin().await?;
        tx.set_password(agent.id, &hash).await?;
        tx.revoke_tokens_of_agent(agent.id, self.now()).await?;
        let api_tokens = tx.revoke_api_tokens_of_agent(agent.id, self.now()).await?;
        let object = (ObjectKind::Agent, agent.id.0);
        Audited::by_operator(agent.workspace_id, "adminPasswordReset", object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(api_tokens)
    }

    /// Lets an agent sign in, if a seat is free, or no longer; the latter ends every sign-in, API token and invitation of
    /// theirs, and has their open sessions wait for others.
    pub async fn admin_agent_activate(&self, email: &str, active: bool) -> Result<(), AdminError> {
        let agent = self.admin_agent(email).await?;
        let mut tx = self.store.begin().await?;
        tx.lock_people(agent.workspace_id).await?;
        let now = self.now();
        if active {
            if !tx.agent(agent.id).await?.is_some_and(|agent| agent.active) {
                check_seat(&mut tx, agent.workspace_id, now).await??;
            }
            bring_back(&mut tx, &agent, now).await?;
        } else {
            retire(&mut tx, &agent, now).await?;
        }
        let action = if active { "adminAgentActivate" } else { "adminAgentDeactivate" };
        let object = (ObjectKind::Agent, agent.id.0);
        Audited::by_operator(agent.workspace_id, action, object, now).write(&mut tx).await?;
        Ok(self.commit(tx).await?)
    }

    /// How many seats the workspace has and how many of them are taken.
    pub async fn admin_seats(&self) -> Result<Seats, AdminError> {
        let mut reader = self.store.read().await?;
        let workspace = reader.first_workspace().await?.ok_or(AdminError::NotSetUp)?;
        Ok(reader.seats(workspace, self.now()).await?)
    }

    /// Sets how many seats the workspace has; nothing for any number. Who is there stays, also if that is more.
    pub async fn admin_set_seats(&self, limit: Option<i64>) -> Result<Seats, AdminError> {
        if limit.is_some_and(|limit| limit < 1) {
            return Err(AdminError::NoSeats);
        }
        let mut tx = self.store.begin().await?;
        let workspace = tx.first_workspace().await?.ok_or(AdminError::NotSetUp)?;
        tx.lock_people(workspace).await?;
        let (before, now) = (tx.seats(workspace, self.now()).await?, self.now());
        tx.set_seats(workspace, limit).await?;
        let audited = Audited::by_operator(workspace, "adminSeats", (ObjectKind::Workspace, workspace.0), now);
        audited.with(&json!({ "before": before.limit, "after": limit })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(Seats { limit, ..before })
    }

    /// Every agent of the workspace, by name.
    pub async fn admin_agents(&self) -> Result<Vec<Agent>, AdminError> {
        let mut reader = self.store.read().await?;
        let workspace = reader.first_workspace().await?.ok_or(AdminError::NotSetUp)?;
        Ok(reader.agents_of_workspace(workspace).await?)
    }

    /// Every project of the workspace, oldest first.
    pub async fn admin_projects(&self) -> Result<Vec<domain::Project>, AdminError> {
        let mut reader = self.store.read().await?;
        let workspace = reader.first_workspace().await?.ok_or(AdminError::NotSetUp)?;
        Ok(reader.projects_of_workspace(workspace).await?)
    }

    async fn admin_agent(&self, email: &str) -> Result<Agent, AdminError> {
        let email = normal_email(email);
        let found = self.store.read().await?.agent_by_email(&email).await?;
        Ok(found.ok_or(AdminError::NoSuchAgent(email))?.0)
    }
}
