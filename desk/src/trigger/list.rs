//! Reading triggers, their lists of words, and what came of them.

use std::collections::BTreeSet;

use domain::trigger::{ProjectTrigger, ProjectWordList, TriggerFiring, TriggerStatistics};
use domain::{ApiScope, ProjectId, Role, SessionId, TriggerFiringId, TriggerId, WordListId};

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

    /// How often a trigger fired, for supervisors of its project; nothing for others.
    pub async fn trigger_statistics(
        &self,
        actor: &Actor,
        trigger: &ProjectTrigger,
    ) -> Result<Option<TriggerStatistics>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        if self.role_in(actor, trigger.project_id).await? < Some(Role::Supervisor) {
            return Ok(None);
        }
        let counted = self.store.read().await?.trigger_statistics(&[trigger.id.0]).await?;
        Ok(Some(counted.into_iter().next().map(|(_, statistics)| statistics).unwrap_or_default()))
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

    /// What fired in sessions that the actor may see, oldest first. Where a session has ended for the actor, what had
    /// fired by then.
    pub async fn trigger_firings_of(&self, actor: &Actor, sessions: &[SessionId]) -> Result<Vec<TriggerFiring>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.trigger_firings_of(&ids).await?;
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
