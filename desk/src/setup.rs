//! The first start of a desk, and what the settings ask for at every start.

use std::fmt;

use domain::agent::normal_email;
use domain::{Project, Role, WorkspaceRole};
use store::agents::NewAgent;

use crate::keys::{self, PasswordError};
use crate::project::{add_sandbox, bot_number};
use crate::{Desk, Error};

const WORKSPACE_NAME: &str = "My workspace";
const SANDBOX_NAME: &str = "Sandbox";
const FACT: &str = "set_up_by";

/// Why a desk could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address has no form of an address.
    #[error("SWITCHBOARD_ADMIN_EMAIL is not an e-mail address: write it like admin@example.com")]
    Email,
    /// The password cannot be taken.
    #[error("SWITCHBOARD_ADMIN_PASSWORD: {0}")]
    Password(#[from] PasswordError),
    /// The token does not look like one.
    #[error("SWITCHBOARD_TELEGRAM_BOT_TOKEN is malformed: copy the whole token from BotFather, like 123456789:AA…")]
    BotToken,
    /// The desk has no workspace to put the bot into.
    #[error("the desk is not set up yet: start `switchboard serve` once")]
    NotSetUp,
    /// The database failed.
    #[error(transparent)]
    Desk(#[from] Error),
}

impl From<store::Error> for SetupError {
    fn from(error: store::Error) -> Self {
        Self::Desk(error.into())
    }
}

/// What the first start made.
pub struct FirstStart {
    /// The address of the first administrator.
    pub email: String,
    /// The password, if it was made up here; it is shown once and kept nowhere.
    pub one_time_password: Option<String>,
}

impl fmt::Debug for FirstStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirstStart").field("email", &self.email).finish_non_exhaustive()
    }
}

impl Desk {
    /// Makes the workspace, its administrator and a sandbox, in which they get sessions, unless that was done before.
    /// Processes that start together agree on one of them that does it.
    pub async fn set_up(&self, email: &str, password: Option<&str>) -> Result<Option<FirstStart>, SetupError> {
        if self.store.read().await?.meta(FACT).await?.is_some() {
            return Ok(None);
        }
        let email = normal_email(email);
        if !email.contains('@') {
            return Err(SetupError::Email);
        }
        let one_time_password = password.is_none().then(keys::random_password);
        let password = password.or(one_time_password.as_deref()).unwrap_or_default();
        let password_hash = self.keys.passwords.hash(password).await?;

        let mut tx = self.store.begin().await?;
        let me = keys::random_id();
        if tx.settle_meta(FACT, &me).await? != me {
            return Ok(None);
        }
        let now = self.now();
        let workspace_id = tx.insert_workspace(WORKSPACE_NAME, now).await?;
        let admin = NewAgent {
            workspace_id,
            email: email.clone(),
            name: "Administrator".to_owned(),
            password_hash,
            workspace_role: WorkspaceRole::Admin,
            created_at: now,
        };
        let admin = tx.insert_agent(&admin).await?;
        let sandbox = add_sandbox(&mut tx, workspace_id, SANDBOX_NAME, now).await?;
        tx.set_membership(sandbox.id, admin.id, Role::Admin).await?;
        self.commit(tx).await?;
        Ok(Some(FirstStart { email, one_time_password }))
    }

    /// Makes sure that the bot of a token has a project and that the project has the token. In a new project the
    /// administrators of the workspace get sessions.
    pub async fn set_up_bot(&self, token: &str) -> Result<Project, SetupError> {
        let bot_id = bot_number(token).ok_or(SetupError::BotToken)?;
        let mut tx = self.store.begin().await?;
        let workspace = tx.first_workspace().await?.ok_or(SetupError::NotSetUp)?;
        let project = match tx.project_by_bot_id(bot_id).await? {
            Some(project) => {
                self.set_token(&mut tx, project.id, token).await?;
                project
            }
            None => {
                let project = self.add_bot(&mut tx, workspace, "Telegram", bot_id, token).await?;
                let mut admins = tx.agents_of_workspace(workspace).await?;
                admins.retain(|agent| agent.active && agent.workspace_role == WorkspaceRole::Admin);
                for admin in admins {
                    tx.set_membership(project.id, admin.id, Role::Admin).await?;
                }
                project
            }
        };
        self.commit_rights(tx).await?;
        Ok(project)
    }
}
