//! Reading saved views.

use domain::{ApiScope, ProjectId, SavedView, SavedViewId};

use super::tally::{self, Key};
use crate::{Actor, Desk, Error};

impl Desk {
    /// The views that the actor has in a project: those that it shares, then their own, each in their order.
    pub async fn saved_views(&self, actor: &Actor, project_id: ProjectId) -> Result<Vec<SavedView>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let mut reader = self.store.read().await?;
        let mut views = reader.saved_views_of(project_id, None).await?;
        views.extend(reader.saved_views_of(project_id, Some(actor.agent.id)).await?);
        Ok(views)
    }

    /// Those of the views that the actor has, in no order.
    pub async fn saved_views_by_id(&self, actor: &Actor, ids: &[SavedViewId]) -> Result<Vec<SavedView>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.saved_views(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for view in found {
            let is_theirs = view.owner_id.is_none_or(|owner| owner == actor.agent.id);
            if is_theirs && self.role_in(actor, view.project_id).await?.is_some() {
                visible.push(view);
            }
        }
        Ok(visible)
    }

    /// How many sessions a view shows to the actor.
    pub async fn saved_view_count(&self, actor: &Actor, view: &SavedView) -> Result<u64, Error> {
        let counts = self.saved_view_counts_now(actor, view.project_id, &[view]).await?;
        counts.first().copied().ok_or(Error::NotFound("saved view"))
    }

    /// How many sessions each of these views of a project shows to the actor, in the same order.
    pub(super) async fn saved_view_counts_now(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        views: &[&SavedView],
    ) -> Result<Vec<u64>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let sight = self.sight_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let mut in_order: Vec<usize> = (0..views.len()).collect();
        in_order.sort_unstable_by_key(|place| views[*place].id);
        let mut tallies = Vec::with_capacity(views.len());
        for view in in_order.iter().map(|place| views[*place]) {
            let filter = self.filter_of(actor, project_id, &view.filter).await?;
            tallies.push((self.tallies.of(Key::new(view, sight.clone(), actor.agent.id)), filter));
        }
        let counted = tally::count(self, project_id, &tallies).await?;
        let mut counts = vec![0; views.len()];
        for (place, count) in in_order.into_iter().zip(counted) {
            counts[place] = count;
        }
        Ok(counts)
    }
}
