//! When it is night for the customers of a project.

use domain::audit::ObjectKind;
use domain::night::{Night, NotATimeOfDay, parse_time_of_day};
use domain::{ApiScope, Project, ProjectId, Role};
use serde_json::json;

use super::StandingRefusal;
use crate::audit::Audited;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// What is to change of the night; nothing of what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NightChange {
    /// The first minute of it, like `22:00`.
    pub starts: Option<String>,
    /// The first minute after it, like `08:00`.
    pub ends: Option<String>,
    /// The version of the project that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why the night was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NightRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The project is not at the version that the actor has seen.
    #[error("the project has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Project>),
    /// The start is no time of day.
    #[error(transparent)]
    Starts(NotATimeOfDay),
    /// The end is no time of day.
    #[error(transparent)]
    Ends(NotATimeOfDay),
}

impl<E: Into<NightRefusal>> From<E> for Rejected<NightRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes when it is night for the customers of a project.
    pub async fn project_night_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &NightChange,
    ) -> Result<Project, Rejected<NightRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_night_update(actor, id, change)).await
    }

    async fn try_night_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &NightChange,
    ) -> Result<Project, Rejected<NightRefusal>> {
        let (mut tx, _) = self.change_in_project(actor, id, Role::Supervisor).await??;
        let project = tx.lock_project(id).await?.ok_or(StandingRefusal::NotFound)?;
        if change.expected_version.is_some_and(|expected| expected != project.version) {
            return Err(NightRefusal::VersionConflict(Box::new(project)).into());
        }
        let starts = change.starts.as_deref().map(parse_time_of_day).transpose().map_err(NightRefusal::Starts)?;
        let ends = change.ends.as_deref().map(parse_time_of_day).transpose().map_err(NightRefusal::Ends)?;
        let before = project.night;
        let night = Night { starts: starts.unwrap_or(before.starts), ends: ends.unwrap_or(before.ends) };
        if night == before {
            return Ok(project);
        }
        let changed = tx.set_night(id, night).await?;
        let object = (ObjectKind::Project, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "projectNightUpdate", object, self.now());
        audited.with(&json!({ "before": before, "after": night })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}
