//! Changing a saved view.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::saved_view::{SavedViewChange, SavedViewRefusal as Refusal};
use domain::name::NameRefusal;

use super::{FOREIGN_ID, SavedView};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::SessionFilter;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `savedViewUpdate` takes.
#[derive(InputObject)]
pub(crate) struct SavedViewUpdateInput {
    /// The global id of the view.
    saved_view_id: ID,
    /// The new name, 1 to 100 characters. Null or left out: it stays as it is.
    name: Option<String>,
    /// The new filter. Null or left out: it stays as it is.
    filter: Option<SessionFilter>,
    /// The version of the view that you have seen. If given and the view has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `savedViewUpdate`.
#[derive(SimpleObject)]
pub(crate) struct SavedViewUpdatePayload {
    /// The view as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    saved_view: Option<SavedView>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SavedViewUpdateError>,
}

user_error! {
    /// Why `savedViewUpdate` did nothing.
    SavedViewUpdateError,
    /// The reasons of `savedViewUpdate` to do nothing.
    SavedViewUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such view, or it is somebody else's.
        SavedViewNotFound,
        /// The view is shared, and you are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The view has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// Another view of the same owner has this name.
        NameTaken,
        /// The filter is too deep or has too many conditions or values.
        FilterTooLarge,
    }
}

#[derive(Default)]
pub(crate) struct SavedViewUpdate;

#[Object]
impl SavedViewUpdate {
    /// Changes a saved view: your own, or as a supervisor or administrator of the project one that is shared.
    async fn saved_view_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The view and what is to change.")] input: SavedViewUpdateInput,
    ) -> Result<SavedViewUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(SavedViewUpdatePayload { saved_view: done.map(|row| SavedView::new(Arc::new(row), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: SavedViewUpdateInput,
) -> Result<domain::SavedView, Stop<domain::SavedView, SavedViewUpdateError>> {
    let invalid = |field, why: &dyn std::fmt::Display| {
        SavedViewUpdateError::new(SavedViewUpdateErrorCode::InvalidId, Some(field), why)
    };
    let id = id::parse(&input.saved_view_id).map_err(|why| invalid("savedViewId", &why))?;
    let SavedViewUpdateInput { name, filter, expected_version, .. } = input;
    let filter = filter.map(SessionFilter::condition).transpose().map_err(|_| invalid("filter", &FOREIGN_ID))?;
    let change = SavedViewChange { name, filter, expected_version };
    let changed = view.desk().saved_view_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::SavedView, SavedViewUpdateError> {
    use SavedViewUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound | Refusal::Standing(StandingRefusal::NotFound) => {
            (Code::SavedViewNotFound, Some("savedViewId"))
        }
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, Some("savedViewId")),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::Filter(_) => (Code::FilterTooLarge, Some("filter")),
        Refusal::TooMany | Refusal::NotAll | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = SavedViewUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(view) = refusal { Some(*view) } else { None };
    Stop::Refused { error, current }
}
