//! Putting saved views into another order.

use std::collections::HashMap;

use domain::{ApiScope, ProjectId, SavedView, SavedViewId};

use super::change::{SavedViewRefusal, least_role};
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Puts the actor's views in a project into this order, or those that the project shares. Each of them has to be
    /// listed once.
    pub async fn saved_view_reorder(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        is_shared: bool,
        ids: &[SavedViewId],
    ) -> Result<Vec<SavedView>, Rejected<SavedViewRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_saved_view_reorder(actor, project_id, is_shared, ids)).await
    }

    async fn try_saved_view_reorder(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        is_shared: bool,
        ids: &[SavedViewId],
    ) -> Result<Vec<SavedView>, Rejected<SavedViewRefusal>> {
        let owner_id = (!is_shared).then_some(actor.agent.id);
        let (mut tx, project) = self.change_in_project(actor, project_id, least_role(owner_id)).await??;
        tx.lock_project(project.id).await?;
        let present = tx.saved_views_of(project.id, owner_id).await?;
        let mut by_id: HashMap<SavedViewId, SavedView> = present.into_iter().map(|view| (view.id, view)).collect();
        let listed: Option<Vec<SavedView>> = ids.iter().map(|id| by_id.remove(id)).collect();
        let mut views = listed.filter(|_| by_id.is_empty()).ok_or(SavedViewRefusal::NotAll)?;
        for (place, view) in (0..).zip(&mut views) {
            if view.place != place {
                view.place = place;
                view.version += 1;
                tx.update_saved_view(view).await?;
            }
        }
        if let Some(first) = views.first() {
            self.audit_view(&mut tx, actor, &project, first, "savedViewReorder").await?;
        }
        self.commit(tx).await?;
        self.tallies.tell_of_views();
        Ok(views)
    }
}
