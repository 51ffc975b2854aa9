//! Saved views by their ids.

use desk::Error;
use domain::SavedViewId;

use crate::loader::{Found, Relation, Source};

/// The saved views with given ids.
pub(crate) struct SavedViewById;

impl Relation for SavedViewById {
    type Key = SavedViewId;
    type Value = domain::SavedView;

    async fn load(source: &Source, keys: &[SavedViewId]) -> Result<Found<Self>, Error> {
        let found = source.desk.saved_views_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}
