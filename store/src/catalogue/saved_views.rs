//! Queries of saved views.

use domain::filter::SessionFilter;
use domain::{AgentId, Position, ProjectId, SavedView, SavedViewId};

use crate::error::Result;
use crate::saved_views::NewSavedView;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The saved views with these identifiers, in no order.
    saved_views = saved_views::many(ids: &[i64]) -> Vec<SavedView>;
    /// The saved views of an agent in a project, or those that the project shares, in their order.
    saved_views_of = saved_views::of_owner(project: ProjectId, owner: Option<AgentId>) -> Vec<SavedView>;
    /// The saved views of a project, whosoever they are.
    saved_views_of_project = saved_views::of_project(project: ProjectId) -> Vec<SavedView>;
    /// The identifiers of those of a project's sessions that a filter lets through, in no order.
    session_ids = tallies::ids(project: ProjectId, filter: &SessionFilter) -> Vec<i64>;
    /// For each of these filters, those of these sessions of a project that it lets through, in no order.
    session_ids_among = tallies::among(
        project: ProjectId, filters: &[&SessionFilter], sessions: &[i64]
    ) -> Vec<Vec<i64>>;
    /// The sessions of a project about which there are events after a position, also such as readers of the log may not see
    /// yet; nothing if there are more than `most` such events.
    changed_sessions = tallies::changed(project: ProjectId, after: Position, most: i64) -> Option<Vec<i64>>;
}

catalogue! { Tx:
    /// Adds a saved view.
    insert_saved_view = saved_views::insert(view: &NewSavedView) -> SavedView;
    /// Writes everything about a saved view that can change.
    update_saved_view = saved_views::update(view: &SavedView) -> ();
    /// Deletes a saved view.
    delete_saved_view = saved_views::delete(id: SavedViewId) -> ();
}
