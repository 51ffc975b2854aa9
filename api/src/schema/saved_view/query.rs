//! Asking for saved views.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::SavedView;
use crate::schema::error::Result;
use crate::schema::id;
use crate::view::View;

#[derive(Default)]
pub(crate) struct SavedViewQuery;

#[Object]
impl SavedViewQuery {
    /// The saved views that you have in a project, in their order: those that everybody in the project has, then your own.
    async fn saved_views(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
    ) -> Result<Vec<SavedView>> {
        let view = View::of(context).await?;
        let found = view.desk().saved_views(view.actor(), id::parse(&project_id)?).await?;
        Ok(found.into_iter().map(|row| SavedView::new(Arc::new(row), view)).collect())
    }
}
