//! Removing a trigger.

use domain::{ApiScope, Project, TriggerId};

use super::TriggerRefusal as Refusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Removes a trigger. What it did stays, and so does what is noted of it. Answers the project that it was in.
    pub async fn trigger_remove(&self, actor: &Actor, id: TriggerId) -> Result<Project, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_trigger_remove(actor, id)).await
    }

    async fn try_trigger_remove(&self, actor: &Actor, id: TriggerId) -> Result<Project, Rejected<Refusal>> {
        let (mut tx, project, _) = self.change_trigger(actor, id).await?;
        tx.remove_trigger(id, project.time(self.now())).await?;
        self.finish_triggers(actor, tx, &project, "triggerRemove", Some(id)).await?;
        Ok(project)
    }
}
