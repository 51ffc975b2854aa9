//! How long the sessions of a project live.

use chrono::Duration;
use domain::audit::ObjectKind;
use domain::session::{NotALife, SessionLife};
use domain::{ApiScope, Project, ProjectId, Role};
use serde_json::json;

use super::StandingRefusal;
use crate::audit::Audited;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// What is to change of the life of sessions; nothing of what is left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct SessionLifeChange {
    /// How long after closing a customer's message opens the same session again.
    pub reopen_window: Option<Duration>,
    /// How long a customer may be silent after the agent's last message.
    pub no_response_after: Option<Duration>,
    /// How long after it was resolved a session is closed.
    pub close_after_resolve: Option<Duration>,
    /// The version of the project that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why the life of sessions was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionLifeRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The project is not at the version that the actor has seen.
    #[error("the project has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Project>),
    /// A time cannot be kept.
    #[error(transparent)]
    NotALife(#[from] NotALife),
}

impl<E: Into<SessionLifeRefusal>> From<E> for Rejected<SessionLifeRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes how long the sessions of a project live. What is longer now holds for all open sessions, what is shorter
    /// from the next message or resolution on.
    pub async fn project_session_life_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: SessionLifeChange,
    ) -> Result<Project, Rejected<SessionLifeRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_session_life_update(actor, id, change)).await
    }

    async fn try_session_life_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: SessionLifeChange,
    ) -> Result<Project, Rejected<SessionLifeRefusal>> {
        let (mut tx, _) = self.change_in_project(actor, id, Role::Supervisor).await??;
        let project = tx.lock_project(id).await?.ok_or(StandingRefusal::NotFound)?;
        if change.expected_version.is_some_and(|expected| expected != project.version) {
            return Err(SessionLifeRefusal::VersionConflict(Box::new(project)).into());
        }
        let before = project.session_life;
        let life = SessionLife {
            reopen_window: change.reopen_window.unwrap_or(before.reopen_window),
            no_response_after: change.no_response_after.unwrap_or(before.no_response_after),
            close_after_resolve: change.close_after_resolve.unwrap_or(before.close_after_resolve),
        };
        let life = life.check()?;
        if life == before {
            return Ok(project);
        }
        let changed = tx.set_session_life(id, life).await?;
        let object = (ObjectKind::Project, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "projectSessionLifeUpdate", object, self.now());
        audited.with(&json!({ "before": before, "after": life })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}
