//! Putting triggers into an order.

use std::collections::BTreeSet;

use domain::trigger::ProjectTrigger;
use domain::{ApiScope, Project, ProjectId, Role, TriggerId};

use super::TriggerRefusal as Refusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Puts all triggers of a project into an order, in which people read them.
    pub async fn trigger_reorder(
        &self,
        actor: &Actor,
        project: ProjectId,
        order: &[TriggerId],
    ) -> Result<Project, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_trigger_reorder(actor, project, order)).await
    }

    async fn try_trigger_reorder(
        &self,
        actor: &Actor,
        project: ProjectId,
        order: &[TriggerId],
    ) -> Result<Project, Rejected<Refusal>> {
        let (mut tx, project) = self.change_in_project(actor, project, Role::Supervisor).await??;
        tx.lock_project(project.id).await?;
        let triggers = tx.triggers_of_project(project.id).await?;
        let given: BTreeSet<TriggerId> = order.iter().copied().collect();
        let all: BTreeSet<TriggerId> = triggers.iter().map(|trigger| trigger.id).collect();
        if given != all || order.len() != all.len() {
            return Err(Refusal::NotAllOnce.into());
        }
        for trigger in triggers {
            let place = (1..).zip(order).find(|(_, id)| **id == trigger.id).map_or(trigger.place, |(place, _)| place);
            if place != trigger.place {
                tx.update_trigger(&ProjectTrigger { place, ..trigger }).await?;
            }
        }
        self.finish_triggers(actor, tx, &project, "triggerReorder", None).await?;
        Ok(project)
    }
}
