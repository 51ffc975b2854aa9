//! Reading tags.

use domain::{ApiScope, ProjectId, SessionId, Tag, TagId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// The tags of a project, by name.
    pub async fn tags(&self, actor: &Actor, project_id: ProjectId) -> Result<Vec<Tag>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.tags_of_project(project_id).await?)
    }

    /// Those of the tags that the actor may see, in no order.
    pub async fn tags_by_id(&self, actor: &Actor, ids: &[TagId]) -> Result<Vec<Tag>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.tags(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for tag in found {
            if self.role_in(actor, tag.project_id).await?.is_some() {
                visible.push(tag);
            }
        }
        Ok(visible)
    }

    /// The tags of sessions, by name. Those of a session are shown to whoever sees it as it is now.
    pub async fn tags_of_sessions(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<(SessionId, Tag)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut reader = self.store.read().await?;
        let found = reader.tags_of_sessions(&ids).await?;
        // What was tagged after a session ended for the actor is not theirs to see.
        let left = if found.is_empty() { Vec::new() } else { reader.departures(actor.agent.id, &ids).await? };
        drop(reader);
        let mut visible = Vec::with_capacity(found.len());
        for (session, tag) in found {
            let has_left = left.iter().any(|departure| departure.session_id == session);
            if !has_left && self.role_in(actor, tag.project_id).await?.is_some() {
                visible.push((session, tag));
            }
        }
        Ok(visible)
    }
}
