//! Following how many sessions saved views show.

use async_graphql::{Context, ID, Subscription};
use futures_util::stream::{self, BoxStream, StreamExt as _};

use super::SavedView;
use crate::schema::error::Result;
use crate::schema::id;
use crate::view::View;

#[derive(Default)]
pub(crate) struct SavedViewSubscription;

#[Subscription]
impl SavedViewSubscription {
    /// How many sessions your saved views show you, in `count`: first every view that you have in a project, then each whose
    /// number or definition is another one, twice a second at most. This is no part of the event log: there is no cursor, and
    /// whoever comes back is told every number anew. A view that is deleted is told no more. It ends with an error once you may
    /// not see the project any more.
    async fn saved_view_counts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
    ) -> Result<BoxStream<'static, Result<SavedView>>> {
        let view = View::fresh(context).await?;
        let desk = view.desk().clone();
        let counts = desk.saved_view_counts(view.actor(), id::parse(&project_id)?).await?;
        let views = stream::try_unfold((desk, counts), |(desk, mut counts)| async move {
            let counted = counts.next().await?;
            // What is shown is looked up with the rights of this moment.
            let view = View::new(desk.clone(), counts.actor().clone());
            Ok(Some((SavedView::counted(counted, &view), (desk, counts))))
        });
        Ok(views.boxed())
    }
}
