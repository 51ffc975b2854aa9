//! What an operator does from the command line, beside the API.

use domain::agent::normal_email;
use domain::{Agent, ProjectId, Role, WorkspaceRole};
use store::agents::NewAgent;

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
        let new = NewAgent {
            workspace_id,
            email: email.clone(),
            name: domain::text::without_nul(name).into_owned(),
            password_hash,
            workspace_role,
            created_at: self.now(),
        };
        let agent = match tx.insert_agent(&new).await {
            Err(store::Error::Taken(_)) => return Err(AdminError::EmailTaken(email)),
            inserted => inserted?,
        };
        self.commit(tx).await?;
        Ok(agent)
    }

    /// Gives an agent a role in a project.
    pub async fn admin_agent_assign(&self, email: &str, project: ProjectId, role: Role) -> Result<(), AdminError> {
        let agent = self.admin_agent(email).await?;
        let mut tx = self.store.begin().await?;
        let found = tx.project(project).await?.filter(|project| project.workspace_id == agent.workspace_id);
        found.ok_or(AdminError::NoSuchProject(project))?;
        tx.set_membership(project, agent.id, role).await?;
        Ok(self.commit(tx).await?)
    }

    /// Takes an agent's role in a project away.
    pub async fn admin_agent_unassign(&self, email: &str, project: ProjectId) -> Result<(), AdminError> {
        let agent = self.admin_agent(email).await?;
        let mut tx = self.store.begin().await?;
        if !tx.remove_membership(project, agent.id).await? {
            return Err(AdminError::NotAssigned(agent.email, project));
        }
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
        self.commit(tx).await?;
        Ok(api_tokens)
    }

    /// Lets an agent sign in, or no longer; the latter ends every sign-in and API token of theirs.
    pub async fn admin_agent_activate(&self, email: &str, active: bool) -> Result<(), AdminError> {
        let agent = self.admin_agent(email).await?;
        let mut tx = self.store.begin().await?;
        tx.set_agent_active(agent.id, active).await?;
        if !active {
            tx.revoke_tokens_of_agent(agent.id, self.now()).await?;
            tx.revoke_api_tokens_of_agent(agent.id, self.now()).await?;
        }
        Ok(self.commit(tx).await?)
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
