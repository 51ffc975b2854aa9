//! Changing a project.

use domain::audit::ObjectKind;
use domain::name::{NameRefusal, parse_name};
use domain::{ApiScope, Project, ProjectId, Role};
use serde_json::json;
use store::Tx;

use super::bot_number;
use crate::audit::Audited;
use crate::job::PUT_AWAY;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// What is to change of a project; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct ProjectChange {
    /// The name shown to agents.
    pub name: Option<String>,
    /// The token of its bot, as BotFather gives it.
    pub bot_token: Option<String>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a project was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProjectRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    NotFound,
    /// The actor administers neither the project nor the workspace.
    #[error("only administrators of the project or of the workspace do this: ask one of them")]
    NotAdministrator,
    /// The project is not at the version that the actor has seen.
    #[error("the project has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Project>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// The token does not look like one.
    #[error("the bot token is malformed: copy the whole token from BotFather, like 123456789:AA…")]
    MalformedToken,
    /// The project is a sandbox.
    #[error("the project is a sandbox, which has no bot: make a project of its own for the bot")]
    Sandbox,
    /// The token is that of another bot, which could not reach the customers of this one.
    #[error(
        "this is the token of another bot, and customers have written to the one that the project has: another bot \
         cannot reach them; give a new token of the same bot, or make a project of its own for the other bot"
    )]
    OtherBot,
    /// Another project has this bot.
    #[error(
        "another project, perhaps an archived one, uses this bot: a bot belongs to one project, so restore that one"
    )]
    BotTaken,
}

impl From<ProjectRefusal> for Rejected<ProjectRefusal> {
    fn from(refusal: ProjectRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Desk {
    /// Changes a project. Its bot works with a new token within a second or so.
    pub async fn project_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &ProjectChange,
    ) -> Result<Project, Rejected<ProjectRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_project_update(actor, id, change)).await
    }

    /// Puts a project away: its bot is no longer served and Telegram no longer delivers to the desk, lists leave it
    /// out, and everything in it stays as it is. What waits to be sent waits until the project is restored.
    pub async fn project_archive(
        &self,
        actor: &Actor,
        id: ProjectId,
        expected_version: Option<i64>,
    ) -> Result<Project, Rejected<ProjectRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_put_away(actor, id, expected_version, true)).await
    }

    /// Takes a project back into service.
    pub async fn project_restore(
        &self,
        actor: &Actor,
        id: ProjectId,
        expected_version: Option<i64>,
    ) -> Result<Project, Rejected<ProjectRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_put_away(actor, id, expected_version, false)).await
    }

    async fn try_project_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &ProjectChange,
    ) -> Result<Project, Rejected<ProjectRefusal>> {
        let (mut tx, project) = self.change_project(actor, id, change.expected_version).await?;
        let name = change.name.as_deref().map(parse_name).transpose().map_err(ProjectRefusal::from)?;
        let name = name.as_ref().unwrap_or(&project.name);
        if let Some(token) = &change.bot_token {
            self.replace_token(&mut tx, &project, token).await?;
        }
        let changed = tx.update_project(id, name, project.archived_at).await?;
        let details = json!({
            "before": { "name": project.name },
            "after": { "name": changed.name },
            "botTokenReplaced": change.bot_token.is_some(),
        });
        let object = (ObjectKind::Project, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "projectUpdate", object, self.now());
        audited.with(&details).write(&mut tx).await?;
        self.commit(tx).await?;
        tracing::info!(
            project = %id, agent = %actor.agent.id, token_replaced = change.bot_token.is_some(),
            renamed = changed.name != project.name, "a project was changed"
        );
        Ok(changed)
    }

    async fn try_put_away(
        &self,
        actor: &Actor,
        id: ProjectId,
        expected_version: Option<i64>,
        away: bool,
    ) -> Result<Project, Rejected<ProjectRefusal>> {
        let (mut tx, project) = self.change_project(actor, id, expected_version).await?;
        if project.archived_at.is_some() == away {
            return Ok(project);
        }
        let changed = tx.update_project(id, &project.name, away.then(|| self.now())).await?;
        if !away {
            // What its clocks had to tell meanwhile was put off.
            tx.bring_sla_clocks_nearer(id, PUT_AWAY.num_seconds() * 1_000_000).await?;
        }
        let action = if away { "projectArchive" } else { "projectRestore" };
        let object = (ObjectKind::Project, id.0);
        Audited::in_project(&actor.agent, &project, action, object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        tracing::info!(project = %id, agent = %actor.agent.id, archived = away, "a project was put away or taken back");
        Ok(changed)
    }

    /// Locks a project for a change by the actor.
    async fn change_project(
        &self,
        actor: &Actor,
        id: ProjectId,
        expected_version: Option<i64>,
    ) -> Result<(Tx, Project), Rejected<ProjectRefusal>> {
        let mut tx = self.store.begin().await?;
        let project = tx.lock_project(id).await?.ok_or(ProjectRefusal::NotFound)?;
        let role = actor.role_in(project.id, project.workspace_id).ok_or(ProjectRefusal::NotFound)?;
        if role < Role::Admin {
            return Err(ProjectRefusal::NotAdministrator.into());
        }
        if expected_version.is_some_and(|expected| expected != project.version) {
            return Err(ProjectRefusal::VersionConflict(Box::new(project)).into());
        }
        Ok((tx, project))
    }

    /// Gives the project's bot a new token, or the project another bot as long as nobody has written to the first.
    async fn replace_token(&self, tx: &mut Tx, project: &Project, token: &str) -> Result<(), Rejected<ProjectRefusal>> {
        if project.sandbox {
            return Err(ProjectRefusal::Sandbox.into());
        }
        let bot_id = bot_number(token).ok_or(ProjectRefusal::MalformedToken)?;
        if tx.bot_id(project.id).await? != Some(bot_id) {
            if tx.has_history(project.id).await? {
                return Err(ProjectRefusal::OtherBot.into());
            }
            if tx.project_by_bot_id(bot_id).await?.is_some() {
                return Err(ProjectRefusal::BotTaken.into());
            }
            match tx.set_bot(project.id, bot_id).await {
                Err(store::Error::Taken(_)) => return Err(ProjectRefusal::BotTaken.into()),
                set => set?,
            }
            tx.forget_bot(project.id).await?;
        }
        self.set_token(tx, project.id, token).await.map_err(|error| Error::from(error).into())
    }
}
