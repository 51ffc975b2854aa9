//! Reading what customers think, and how they are asked.

use std::collections::HashMap;

use domain::rating::RatingSettings;
use domain::{ApiScope, ProjectId, Rating, SessionId};

use crate::visibility::View;
use crate::{Actor, Desk, Error};

impl Desk {
    /// What the customer thinks of each of these sessions, as they said last, where they did. Those for whom a session has
    /// ended are told of none.
    pub async fn ratings(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<Rating>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let sessions = self.store.read().await?.sessions(&ids).await?;
        let views = self.views(actor, &sessions).await?;
        let whole = views.iter().filter(|(_, view)| matches!(view, View::Whole));
        let whole: Vec<i64> = whole.map(|(id, _)| id.0).collect();
        if whole.is_empty() {
            return Ok(Vec::new());
        }
        let surveys = self.store.read().await?.surveys_of(&whole).await?;
        let ratings = surveys.into_iter().filter_map(|survey| survey.rating());
        let last: HashMap<SessionId, Rating> = ratings.map(|rating| (rating.session_id, rating)).collect();
        Ok(last.into_values().collect())
    }

    /// How a project asks its customers what they think of the support.
    pub async fn rating_settings(&self, actor: &Actor, project_id: ProjectId) -> Result<RatingSettings, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.rating_settings(project_id).await?)
    }
}
