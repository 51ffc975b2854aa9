//! Reading tags.

use std::collections::HashSet;

use domain::customer::Acquaintance;
use domain::{ApiScope, CustomerId, ProjectId, Role, SessionId, Tag, TagId};

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
        let known = self.acquaintances(actor, &customers).await?;
        let mut found = self.store.read().await?.tags_of_customers(&ids).await?;
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

    /// The tags of sessions, by name. Those of a session are shown to whoever sees it as it is now.
    pub async fn tags_of_sessions(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<(SessionId, Tag)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.tags_of_sessions(&ids).await?;
        let mut left = None;
        let mut visible = Vec::with_capacity(found.len());
        for (session, tag) in found {
            let Some(role) = self.role_in(actor, tag.project_id).await? else { continue };
            // What was tagged after a session ended for an agent is not theirs to see.
            if role < Role::Supervisor {
                let left: &HashSet<SessionId> = match &mut left {
                    Some(left) => left,
                    None => left.insert(self.left_by(actor, &ids).await?),
                };
                if left.contains(&session) {
                    continue;
                }
            }
            visible.push((session, tag));
        }
        Ok(visible)
    }

    /// Those of the sessions that have ended for the actor.
    async fn left_by(&self, actor: &Actor, sessions: &[i64]) -> Result<HashSet<SessionId>, Error> {
        let departures = self.store.read().await?.departures(actor.agent.id, sessions).await?;
        Ok(departures.into_iter().map(|departure| departure.session_id).collect())
    }
}
