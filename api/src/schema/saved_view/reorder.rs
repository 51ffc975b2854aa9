//! Putting saved views into another order.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::saved_view::SavedViewRefusal as Refusal;
use domain::SavedViewId;

use super::SavedView;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `savedViewReorder` takes.
#[derive(InputObject)]
pub(crate) struct SavedViewReorderInput {
    /// The global id of the project.
    project_id: ID,
    /// Whether it is about the views that everybody in the project has, and not about your own.
    #[graphql(default)]
    shared: bool,
    /// The global ids of all these views, each once, in their new order.
    saved_view_ids: Vec<ID>,
}

/// What came of `savedViewReorder`.
#[derive(SimpleObject)]
pub(crate) struct SavedViewReorderPayload {
    /// The views in their new order. Null if it was left as it is.
    saved_views: Option<Vec<SavedView>>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SavedViewReorderError>,
}

user_error! {
    /// Why `savedViewReorder` did nothing.
    SavedViewReorderError,
    /// The reasons of `savedViewReorder` to do nothing.
    SavedViewReorderErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The views are shared, and you are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The list does not have each of the views once.
        SavedViewsIncomplete,
    }
}

#[derive(Default)]
pub(crate) struct SavedViewReorder;

#[Object]
impl SavedViewReorder {
    /// Puts your saved views in a project into another order or, as a supervisor or administrator of the project, those
    /// that everybody has.
    async fn saved_view_reorder(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The views in their new order.")] input: SavedViewReorderInput,
    ) -> Result<SavedViewReorderPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let shown = |rows: Vec<domain::SavedView>| {
            rows.into_iter().map(|row| SavedView::new(Arc::new(row), &view)).collect::<Vec<_>>()
        };
        Ok(SavedViewReorderPayload { saved_views: done.map(shown), user_errors })
    }
}

type Views = Vec<domain::SavedView>;

async fn run(view: &View, input: &SavedViewReorderInput) -> Result<Views, Stop<Views, SavedViewReorderError>> {
    let invalid = |field, why| SavedViewReorderError::new(SavedViewReorderErrorCode::InvalidId, Some(field), why);
    let project_id = id::parse(&input.project_id).map_err(|why| invalid("projectId", why))?;
    let ids = input.saved_view_ids.iter().map(|id| id::parse(id)).collect::<Result<Vec<SavedViewId>, _>>();
    let ids = ids.map_err(|why| invalid("savedViewIds", why))?;
    let done = view.desk().saved_view_reorder(view.actor(), project_id, input.shared, &ids).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Views, SavedViewReorderError> {
    use SavedViewReorderErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, "projectId"),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, "shared"),
        Refusal::NotAll => (Code::SavedViewsIncomplete, "savedViewIds"),
        _ => return Stop::unexpected(refusal),
    };
    SavedViewReorderError::new(code, Some(field), refusal).into()
}
