//! Reading tags.

use domain::customer::Acquaintance;
use domain::{ApiScope, CustomerId, ProjectId, SessionId, Tag, TagId};

use crate::visibility::View;
use crate::{Actor, Desk, Error};

impl Desk {
    /// The tags of a project, by name; those that were put away only if they are asked for.
    pub async fn tags(&self, actor: &Actor, project_id: ProjectId, archived: bool) -> Result<Vec<Tag>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let mut tags = self.store.read().await?.tags_of_project(project_id).await?;
        tags.retain(|tag| archived || tag.archived_at.is_none());
        Ok(tags)
    }

    /// The tags of customers whose profile the actor sees as it is, by name.
    pub async fn tags_of_customers(&self, actor: &Actor, ids: &[CustomerId]) -> Result<Vec<(CustomerId, Tag)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let customers = self.store.read().await?.customers(&ids).await?;
        let mut found = self.store.read().await?.tags_of_customers(&ids).await?;
        // After the tags: what came once the last session had ended for the actor is none of theirs.
        let known = self.acquaintances(actor, &customers).await?;
        found.retain(|(customer, _)| known.get(customer) == Some(&Acquaintance::Current));
        Ok(found)
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

    /// The tags of sessions, by name; of one that has ended for the actor those that it had then.
    pub async fn tags_of_sessions(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<(SessionId, Tag)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let mut found = self.store.read().await?.tags_of_sessions(&ids).await?;
        // Who administers the workspace sees every session as it is.
        if actor.is_workspace_admin() {
            return Ok(found);
        }
        // After the tags: what ends for the actor in between shows as it was then.
        let sessions = self.store.read().await?.sessions(&ids).await?;
        let views = self.views(actor, &sessions).await?;
        found.retain(|(session, _)| matches!(views.get(session), Some(View::Whole)));
        let is_left = |id: &&i64| matches!(views.get(&SessionId(**id)), Some(View::AsLeft(_)));
        let left: Vec<i64> = ids.iter().filter(is_left).copied().collect();
        if !left.is_empty() {
            found.extend(self.store.read().await?.tags_of_left(actor.agent.id, &left).await?);
        }
        Ok(found)
    }
}
