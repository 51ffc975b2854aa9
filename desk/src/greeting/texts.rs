//! Reading and changing what the bot says and offers by itself.

use domain::audit::ObjectKind;
use domain::bot_text::{BotTextRefusal, InLanguage, Texts, parse_commands};
use domain::{ApiScope, Project, ProjectId, Role};
use store::Tx;
pub use store::people::BotTexts;

use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::{Actor, Desk, Error, Rejected};

/// Why texts were left as they are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BotTextsRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The project is not at the version that the actor has seen.
    #[error("the project has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Project>),
    /// The texts cannot be taken.
    #[error(transparent)]
    Text(#[from] BotTextRefusal),
}

impl<E: Into<BotTextsRefusal>> From<E> for Rejected<BotTextsRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// What the bot of a project says and offers by itself.
    pub async fn bot_texts(&self, actor: &Actor, project_id: ProjectId) -> Result<BotTexts, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.bot_texts(project_id).await?)
    }

    /// Changes what new customers are greeted with. No text at all greets nobody.
    pub async fn project_greeting_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        texts: Vec<InLanguage>,
        expected_version: Option<i64>,
    ) -> Result<Project, Rejected<BotTextsRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let (mut tx, project) = self.change_texts(actor, project_id, expected_version).await?;
        let greeting = Texts::parse_messages(texts)?;
        tx.set_greeting(project.id, &greeting).await?;
        self.finish_texts(tx, actor, &project, "projectGreetingUpdate").await
    }

    /// Changes the commands that the bot offers. Telegram is told within moments.
    pub async fn project_commands_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        commands: Vec<(String, Vec<InLanguage>)>,
        expected_version: Option<i64>,
    ) -> Result<Project, Rejected<BotTextsRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let (mut tx, project) = self.change_texts(actor, project_id, expected_version).await?;
        let commands = parse_commands(commands)?;
        tx.set_bot_commands(project.id, commands).await?;
        self.finish_texts(tx, actor, &project, "projectCommandsUpdate").await
    }

    /// Locks a project for a change of its texts, lest one of two who change them at once undoes what the other did.
    async fn change_texts(
        &self,
        actor: &Actor,
        id: ProjectId,
        expected_version: Option<i64>,
    ) -> Result<(Tx, Project), Rejected<BotTextsRefusal>> {
        let (mut tx, _) = self.change_in_project(actor, id, Role::Supervisor).await??;
        let project = tx.lock_project(id).await?.ok_or(StandingRefusal::NotFound)?;
        if expected_version.is_some_and(|expected| expected != project.version) {
            return Err(BotTextsRefusal::VersionConflict(Box::new(project)).into());
        }
        Ok((tx, project))
    }

    /// Gives the project its next version, notes who did what, and commits.
    async fn finish_texts(
        &self,
        mut tx: Tx,
        actor: &Actor,
        project: &Project,
        action: &'static str,
    ) -> Result<Project, Rejected<BotTextsRefusal>> {
        let changed = tx.update_project(project.id, &project.name, project.archived_at).await?;
        let object = (ObjectKind::Project, project.id.0);
        Audited::in_project(&actor.agent, project, action, object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}
