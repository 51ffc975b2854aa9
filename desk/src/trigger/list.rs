//! Reading triggers, their lists of words, and what came of them.

use std::collections::{BTreeSet, HashMap};

use domain::trigger::{ProjectTrigger, ProjectWordList, TriggerFiring, TriggerStatistics};
use domain::{ApiScope, ProjectId, Role, SessionId, TriggerFiringId, TriggerId, WordListId};

use crate::visibility::NEWEST_SHOWN;
use crate::{Actor, Desk, Error};

impl Desk {
    /// The triggers of a project, in their order.
    pub async fn triggers(&self, actor: &Actor, project: ProjectId) -> Result<Vec<ProjectTrigger>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.triggers_of_project(project).await?)
    }

    /// Those of the triggers that the actor may see, removed ones included, in no order.
    pub async fn triggers_by_id(&self, actor: &Actor, ids: &[TriggerId]) -> Result<Vec<ProjectTrigger>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.triggers(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for trigger in found {
            if self.role_in(actor, trigger.project_id).await?.is_some() {
                visible.push(trigger);
            }
        }
        Ok(visible)
    }

    /// How often these triggers fired, those of them whose project the actor supervises, in no order.
    pub async fn trigger_statistics(
        &self,
        actor: &Actor,
        ids: &[TriggerId],
    ) -> Result<Vec<(TriggerId, TriggerStatistics)>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let mut supervised = Vec::with_capacity(ids.len());
        for trigger in self.triggers_by_id(actor, ids).await? {
            if self.role_in(actor, trigger.project_id).await? >= Some(Role::Supervisor) {
                supervised.push(trigger.id.0);
            }
        }
        if supervised.is_empty() {
            return Ok(Vec::new());
        }
        let counted: HashMap<_, _> =
            self.store.read().await?.trigger_statistics(&supervised).await?.into_iter().collect();
        let of = |id| (TriggerId(id), counted.get(&TriggerId(id)).copied().unwrap_or_default());
        Ok(supervised.into_iter().map(of).collect())
    }

    /// The lists of words of a project, by name.
    pub async fn project_word_lists(&self, actor: &Actor, project: ProjectId) -> Result<Vec<ProjectWordList>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.word_lists_of_project(project).await?)
    }

    /// Those of the lists of words that the actor may see, in no order.
    pub async fn word_lists_by_id(&self, actor: &Actor, ids: &[WordListId]) -> Result<Vec<ProjectWordList>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.word_lists(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for list in found {
            if self.role_in(actor, list.project_id).await?.is_some() {
                visible.push(list);
            }
        }
        Ok(visible)
    }

    /// The newest of what fired in sessions that the actor may see, [`NEWEST_SHOWN`] of each, oldest first. Where a
    /// session has ended for the actor, of what had fired by then.
    pub async fn trigger_firings_of(&self, actor: &Actor, sessions: &[SessionId]) -> Result<Vec<TriggerFiring>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.newest_firings_of(&ids, None, NEWEST_SHOWN).await?;
        let left = self.left_of(actor, &ids).await?;
        if !left.is_empty() {
            let then = self.store.read().await?.newest_firings_of(&left, Some(actor.agent.id), NEWEST_SHOWN).await?;
            found.retain(|firing| !left.contains(&firing.session_id.0));
            found.extend(then);
        }
        self.visible_firings(actor, found).await
    }

    /// Those of the firings that the actor may see, in no order.
    pub async fn trigger_firings_by_id(
        &self,
        actor: &Actor,
        ids: &[TriggerFiringId],
    ) -> Result<Vec<TriggerFiring>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.trigger_firings(&ids).await?;
        self.visible_firings(actor, found).await
    }

    async fn visible_firings(&self, actor: &Actor, found: Vec<TriggerFiring>) -> Result<Vec<TriggerFiring>, Error> {
        let sessions: BTreeSet<i64> = found.iter().map(|firing| firing.session_id.0).collect();
        if sessions.is_empty() {
            return Ok(Vec::new());
        }
        let sessions = self.store.read().await?.sessions(&Vec::from_iter(sessions)).await?;
        let views = self.views(actor, &sessions).await?;
        let shown = |firing: TriggerFiring| match views.get(&firing.session_id)?.last_version() {
            // What was thought of it may have been said later.
            Some(version) => (firing.since_version <= version).then_some(TriggerFiring {
                judgement: None,
                judged_by: None,
                ..firing
            }),
            None => Some(firing),
        };
        Ok(found.into_iter().filter_map(shown).collect())
    }
}
