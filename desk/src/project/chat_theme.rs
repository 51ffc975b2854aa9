//! How the consoles of a project show conversations.

use domain::audit::ObjectKind;
use domain::chat_theme::{Appearance, BackgroundRefusal, ChatTheme, parse_background};
use domain::{ApiScope, Project, ProjectId, Role};
use serde_json::json;

use super::StandingRefusal;
use crate::audit::Audited;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// What is to change of the theme; nothing of what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatThemeChange {
    /// What a conversation looks like.
    pub appearance: Option<Appearance>,
    /// The colours of what is behind it; none for what the appearance brings with it.
    pub background: Option<Vec<String>>,
    /// The version of the project that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why the theme was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChatThemeRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The project is not at the version that the actor has seen.
    #[error("the project has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Project>),
    /// The background cannot be taken.
    #[error(transparent)]
    Background(#[from] BackgroundRefusal),
}

impl<E: Into<ChatThemeRefusal>> From<E> for Rejected<ChatThemeRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes how the consoles of a project show conversations.
    pub async fn project_chat_theme_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &ChatThemeChange,
    ) -> Result<Project, Rejected<ChatThemeRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_chat_theme_update(actor, id, change)).await
    }

    async fn try_chat_theme_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &ChatThemeChange,
    ) -> Result<Project, Rejected<ChatThemeRefusal>> {
        let (mut tx, _) = self.change_in_project(actor, id, Role::Supervisor).await??;
        let project = tx.lock_project(id).await?.ok_or(StandingRefusal::NotFound)?;
        if change.expected_version.is_some_and(|expected| expected != project.version) {
            return Err(ChatThemeRefusal::VersionConflict(Box::new(project)).into());
        }
        let background = change.background.as_deref().map(parse_background).transpose()?;
        let before = project.chat_theme.clone();
        let theme = ChatTheme {
            appearance: change.appearance.unwrap_or(before.appearance),
            background: background.unwrap_or_else(|| before.background.clone()),
        };
        if theme == before {
            return Ok(project);
        }
        let changed = tx.set_chat_theme(id, &theme).await?;
        let object = (ObjectKind::Project, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "projectChatThemeUpdate", object, self.now());
        audited.with(&json!({ "before": before, "after": theme })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}
