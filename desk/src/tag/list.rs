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

    /// The tags of sessions, by name; of one that has ended for the actor those that it had then.
    pub async fn tags_of_sessions(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<(SessionId, Tag)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut reader = self.store.read().await?;
        let now = reader.tags_of_sessions(&ids).await?;
        let (mut left, mut then) = (HashSet::new(), Vec::new());
        // Who administers the workspace sees every session as it is.
        if !actor.is_workspace_admin() {
            let departures = reader.departures(actor.agent.id, &ids).await?;
            left.extend(departures.iter().map(|departure| departure.session_id));
        }
        if !left.is_empty() {
            then = reader.tags_of_left(actor.agent.id, &ids).await?;
        }
        drop(reader);
        let now = now.into_iter().map(|(session, tag)| (session, tag, false));
        let then = then.into_iter().map(|(session, tag)| (session, tag, true));
        let mut visible = Vec::new();
        for (session, tag, is_then) in now.chain(then) {
            let Some(role) = self.role_in(actor, tag.project_id).await? else { continue };
            let is_left = role < Role::Supervisor && left.contains(&session);
            if is_left == is_then {
                visible.push((session, tag));
            }
        }
        Ok(visible)
    }
}
