//! Queries of saved views.

use domain::filter::SessionFilter;
use domain::{AgentId, ProjectId, SavedView, SavedViewId};

use crate::error::Result;
use crate::saved_views::NewSavedView;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The saved views with these identifiers, in no order.
    saved_views = saved_views::many(ids: &[i64]) -> Vec<SavedView>;
    /// The saved views of an agent in a project, or those that the project shares, in their order.
    saved_views_of = saved_views::of_owner(project: ProjectId, owner: Option<AgentId>) -> Vec<SavedView>;
    /// How many of a project's sessions a filter lets through; no more than `most` are counted.
    session_count_up_to = saved_views::count_up_to(project: ProjectId, filter: &SessionFilter, most: i64) -> i64;
}

catalogue! { Tx:
    /// Adds a saved view.
    insert_saved_view = saved_views::insert(view: &NewSavedView) -> SavedView;
    /// Writes everything about a saved view that can change.
    update_saved_view = saved_views::update(view: &SavedView) -> ();
    /// Deletes a saved view.
    delete_saved_view = saved_views::delete(id: SavedViewId) -> ();
}
