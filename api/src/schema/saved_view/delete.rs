//! Deleting a saved view.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::saved_view::SavedViewRefusal as Refusal;
use domain::SavedViewId;

use crate::schema::error::Result;
use crate::schema::id::{self, Id};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `savedViewDelete` takes.
#[derive(InputObject)]
pub(crate) struct SavedViewDeleteInput {
    /// The global id of the view.
    saved_view_id: ID,
}

/// What came of `savedViewDelete`.
#[derive(SimpleObject)]
pub(crate) struct SavedViewDeletePayload {
    /// The global id of the view that is gone. Null if none is.
    saved_view_id: Option<Id>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SavedViewDeleteError>,
}

user_error! {
    /// Why `savedViewDelete` did nothing.
    SavedViewDeleteError,
    /// The reasons of `savedViewDelete` to do nothing.
    SavedViewDeleteErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such view, or it is somebody else's.
        SavedViewNotFound,
        /// The view is shared, and you are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct SavedViewDelete;

#[Object]
impl SavedViewDelete {
    /// Deletes a saved view: your own, or as a supervisor or administrator of the project one that is shared. The sessions
    /// that it showed stay as they are.
    async fn saved_view_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The view to delete.")] input: SavedViewDeleteInput,
    ) -> Result<SavedViewDeletePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        Ok(SavedViewDeletePayload { saved_view_id: done.map(Id::from), user_errors })
    }
}

async fn run(
    view: &View,
    input: &SavedViewDeleteInput,
) -> Result<SavedViewId, Stop<SavedViewId, SavedViewDeleteError>> {
    let id = id::parse(&input.saved_view_id).map_err(|invalid| {
        SavedViewDeleteError::new(SavedViewDeleteErrorCode::InvalidId, Some("savedViewId"), invalid)
    })?;
    let deleted = view.desk().saved_view_delete(view.actor(), id).await;
    deleted.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<SavedViewId, SavedViewDeleteError> {
    use SavedViewDeleteErrorCode as Code;
    let code = match &refusal {
        Refusal::NotFound | Refusal::Standing(StandingRefusal::NotFound) => Code::SavedViewNotFound,
        Refusal::Standing(StandingRefusal::NotSupervisor) => Code::NotSupervisor,
        _ => return Stop::unexpected(refusal),
    };
    SavedViewDeleteError::new(code, Some("savedViewId"), refusal).into()
}
