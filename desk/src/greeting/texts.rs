//! Reading and changing what the bot says and offers by itself.

use domain::bot_text::{BotTextRefusal, InLanguage, Texts, parse_commands};
use domain::{ApiScope, Project, ProjectId, Role};
pub use store::people::BotTexts;

use crate::project::StandingRefusal;
use crate::{Actor, Desk, Error, Rejected};

/// Why texts were left as they are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BotTextsRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
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
    ) -> Result<Project, Rejected<BotTextsRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        let greeting = Texts::parse_messages(texts)?;
        tx.set_greeting(project.id, &greeting).await?;
        self.commit(tx).await?;
        Ok(project)
    }

    /// Changes the commands that the bot offers. Telegram is told within moments.
    pub async fn project_commands_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        commands: Vec<(String, Vec<InLanguage>)>,
    ) -> Result<Project, Rejected<BotTextsRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        let commands = parse_commands(commands)?;
        tx.set_bot_commands(project.id, commands).await?;
        self.commit(tx).await?;
        Ok(project)
    }
}
