//! Adding a project.

use domain::audit::ObjectKind;
use domain::name::{NameRefusal, parse_name};
use domain::{ApiScope, Project, ProjectId, Role, Time, WorkspaceId};
use serde_json::json;
use store::Tx;

use crate::audit::Audited;
use crate::idempotency::Request;
use crate::retry::retried;
use crate::tag::add_presets;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A project to be added.
#[derive(Clone)]
pub struct NewProject {
    /// The name shown to agents.
    pub name: String,
    /// The token of its bot, as BotFather gives it.
    pub bot_token: Option<String>,
    /// Whether its customers are simulated.
    pub sandbox: bool,
    /// Makes sending the same request again harmless for 24 hours.
    pub idempotency_key: Option<String>,
}

/// Why a project was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectCreateRefusal {
    /// The actor does not administer the workspace.
    #[error("only administrators of the workspace add projects: ask one of them")]
    NotAdministrator,
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// Neither a bot nor a sandbox, or both.
    #[error("give `botToken` for a project on Telegram or `sandbox: true` for a simulated one, and not both")]
    BotOrSandbox,
    /// The token does not look like one.
    #[error("the bot token is malformed: copy the whole token from BotFather, like 123456789:AA…")]
    MalformedToken,
    /// Another project has this bot.
    #[error(
        "another project, perhaps an archived one, uses this bot: a bot belongs to one project, so restore that one"
    )]
    BotTaken,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl Desk {
    /// Adds a project. Its bot starts to work within seconds. Whoever adds it has a role of their own in it, so that they get
    /// its sessions.
    pub async fn project_create(
        &self,
        actor: &Actor,
        new: &NewProject,
    ) -> Result<Project, Rejected<ProjectCreateRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        if !actor.is_workspace_admin() {
            return Err(ProjectCreateRefusal::NotAdministrator.into());
        }
        let input = (&new.name, &new.bot_token, new.sandbox);
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "projectCreate", &input)??;
        retried(|| self.try_project_create(actor, new, &request)).await
    }

    async fn try_project_create(
        &self,
        actor: &Actor,
        new: &NewProject,
        request: &Request<'_>,
    ) -> Result<Project, Rejected<ProjectCreateRefusal>> {
        let name = &parse_name(&new.name)?;
        let workspace = actor.agent.workspace_id;
        let mut tx = self.store.begin().await?;
        if let Some(earlier) = request.earlier(self, &mut tx).await?? {
            return Ok(tx.project(ProjectId(earlier)).await?.ok_or(Error::NotFound("project"))?);
        }
        let project = match (&new.bot_token, new.sandbox) {
            (None, true) => add_sandbox(&mut tx, workspace, name, self.now()).await?,
            (Some(token), false) => {
                let bot_id = bot_number(token).ok_or(ProjectCreateRefusal::MalformedToken)?;
                if tx.project_by_bot_id(bot_id).await?.is_some() {
                    return Err(ProjectCreateRefusal::BotTaken.into());
                }
                // Where another request adds this bot at the same moment, the next try finds what it has added.
                self.add_bot(&mut tx, workspace, name, bot_id, token).await?
            }
            _ => return Err(ProjectCreateRefusal::BotOrSandbox.into()),
        };
        tx.set_membership(project.id, actor.agent.id, Role::Admin).await?;
        request.answer(self, &mut tx, project.id.0).await?;
        let object = (ObjectKind::Project, project.id.0);
        let audited = Audited::in_project(&actor.agent, &project, "projectCreate", object, self.now());
        audited.with(&json!({ "sandbox": project.sandbox })).write(&mut tx).await?;
        self.commit_rights(tx).await?;
        Ok(project)
    }

    /// Adds the project of a bot, with the token sealed.
    pub(crate) async fn add_bot(
        &self,
        tx: &mut Tx,
        workspace_id: WorkspaceId,
        name: &str,
        bot_id: i64,
        token: &str,
    ) -> Result<Project, store::Error> {
        let project = tx
            .insert_project(&store::projects::NewProject {
                workspace_id,
                name: name.to_owned(),
                sandbox: false,
                bot_id: Some(bot_id),
                created_at: self.now(),
            })
            .await?;
        self.set_token(tx, project.id, token).await?;
        add_presets(tx, project.id, project.created_at).await?;
        Ok(project)
    }

    /// Keeps a bot's token, sealed for this project alone.
    pub(crate) async fn set_token(&self, tx: &mut Tx, project: ProjectId, token: &str) -> Result<(), store::Error> {
        tx.set_bot_token(project, &self.keys.sealer.seal(token.trim(), &token_context(project))).await
    }
}

/// Adds a project whose customers are simulated.
pub(crate) async fn add_sandbox(
    tx: &mut Tx,
    workspace_id: WorkspaceId,
    name: &str,
    now: Time,
) -> Result<Project, store::Error> {
    let project = tx
        .insert_project(&store::projects::NewProject {
            workspace_id,
            name: name.to_owned(),
            sandbox: true,
            bot_id: None,
            created_at: now,
        })
        .await?;
    add_presets(tx, project.id, now).await?;
    Ok(project)
}

/// What a sealed token is bound to, so that it does not open in another row.
pub(crate) fn token_context(project: ProjectId) -> String {
    format!("project:{project}:bot_token")
}

/// The number of the bot, which is the part of its token before the colon.
pub(crate) fn bot_number(token: &str) -> Option<i64> {
    let (number, secret) = token.trim().split_once(':')?;
    let is_secret =
        secret.len() >= 30 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    number.parse().ok().filter(|number| is_secret && *number > 0)
}

impl<E: Into<ProjectCreateRefusal>> From<E> for Rejected<ProjectCreateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_number_and_a_secret() {
        let secret = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        assert_eq!(bot_number(&format!(" 110201543:{secret}\n")), Some(110_201_543));
        for token in
            ["", ":", "12", "12:short", &format!("x:{secret}"), &format!("0:{secret}"), &format!("1:{secret}!")]
        {
            assert_eq!(bot_number(token), None, "{token}");
        }
    }
}
