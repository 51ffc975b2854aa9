//! How a project asks its customers what they think of the support.

use chrono::Duration;
use domain::audit::ObjectKind;
use domain::bot_text::{BotTextRefusal, InLanguage, Texts};
use domain::rating::{RatingSettings, RatingSettingsRefusal};
use domain::{AgentId, ApiScope, Project, ProjectId, Role};
use serde_json::json;

use crate::agent::member;
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// What is to change about how a project asks; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct RatingChange {
    /// Whether it asks at all.
    pub asks: Option<bool>,
    /// How long after a resolution.
    pub delay: Option<Duration>,
    /// How long a customer is left in peace who was asked.
    pub minimum_interval: Option<Duration>,
    /// How long an answer counts.
    pub open_for: Option<Duration>,
    /// The question with its languages; nothing for the words of the desk.
    pub question: Option<Option<Vec<InLanguage>>>,
    /// The invitation to leave a review, likewise.
    pub invitation: Option<Option<Vec<InLanguage>>>,
    /// Where to leave a review; nothing to invite nobody.
    pub review_url: Option<Option<String>>,
    /// Who looks after those who are not satisfied; nothing for whomever the escalation finds.
    pub low_rating_agent_id: Option<Option<AgentId>>,
    /// The version of the project that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why it was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RatingRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The project is not at the version that the actor has seen.
    #[error("the project has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Project>),
    /// The question cannot be taken.
    #[error(transparent)]
    Question(BotTextRefusal),
    /// The invitation cannot be taken.
    #[error(transparent)]
    Invitation(BotTextRefusal),
    /// The settings cannot be kept.
    #[error(transparent)]
    Settings(#[from] RatingSettingsRefusal),
    /// The agent cannot look after anybody.
    #[error("there is no such active agent in this project: choose one of its members")]
    NoSuchAgent,
}

impl<E: Into<RatingRefusal>> From<E> for Rejected<RatingRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes how a project asks its customers what they think of the support.
    pub async fn project_rating_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &RatingChange,
    ) -> Result<Project, Rejected<RatingRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_rating_update(actor, id, change)).await
    }

    async fn try_rating_update(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: &RatingChange,
    ) -> Result<Project, Rejected<RatingRefusal>> {
        let (mut tx, _) = self.change_in_project(actor, id, Role::Supervisor).await??;
        let project = tx.lock_project(id).await?.ok_or(StandingRefusal::NotFound)?;
        if change.expected_version.is_some_and(|expected| expected != project.version) {
            return Err(RatingRefusal::VersionConflict(Box::new(project)).into());
        }
        let before = tx.rating_settings(id).await?;
        let settings = changed(&before, change)?.check()?;
        if settings == before {
            return Ok(project);
        }
        if settings.low_rating_agent_id != before.low_rating_agent_id
            && let Some(agent) = settings.low_rating_agent_id
        {
            member(&mut tx, &project, agent).await?.ok_or(RatingRefusal::NoSuchAgent)?;
        }
        tx.set_rating_settings(id, &settings).await?;
        tx.raise_project_version(id).await?;
        let object = (ObjectKind::Project, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "projectRatingUpdate", object, self.now());
        audited.with(&json!({ "before": before, "after": settings })).write(&mut tx).await?;
        let project = tx.project(id).await?.ok_or(Error::NotFound("project"))?;
        self.commit(tx).await?;
        Ok(project)
    }
}

/// The settings as they are to be.
fn changed(before: &RatingSettings, change: &RatingChange) -> Result<RatingSettings, RatingRefusal> {
    let parsed = |texts: &Option<Vec<InLanguage>>| texts.clone().map(Texts::parse_messages).transpose();
    let question = change.question.as_ref().map(parsed).transpose().map_err(RatingRefusal::Question)?;
    let invitation = change.invitation.as_ref().map(parsed).transpose().map_err(RatingRefusal::Invitation)?;
    let kept = before.clone();
    Ok(RatingSettings {
        asks: change.asks.unwrap_or(kept.asks),
        delay: change.delay.unwrap_or(kept.delay),
        minimum_interval: change.minimum_interval.unwrap_or(kept.minimum_interval),
        open_for: change.open_for.unwrap_or(kept.open_for),
        question: question.unwrap_or(kept.question),
        invitation: invitation.unwrap_or(kept.invitation),
        review_url: change.review_url.clone().unwrap_or(kept.review_url),
        low_rating_agent_id: change.low_rating_agent_id.unwrap_or(kept.low_rating_agent_id),
    })
}
