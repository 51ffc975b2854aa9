//! Saving a view.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::StandingRefusal;
use desk::saved_view::{NewSavedView, SavedViewRefusal as Refusal};
use domain::name::NameRefusal;

use super::{FOREIGN_ID, SavedView};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::SessionFilter;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `savedViewCreate` takes.
#[derive(InputObject)]
pub(crate) struct SavedViewCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// The name, 1 to 100 characters, which no other view of the same owner has.
    name: String,
    /// Which sessions it shows.
    filter: SessionFilter,
    /// Whether everybody in the project has it, which is for supervisors and administrators to decide.
    #[graphql(default)]
    shared: bool,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input saves no other view and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `savedViewCreate`.
#[derive(SimpleObject)]
pub(crate) struct SavedViewCreatePayload {
    /// The new view. Null if none was saved.
    saved_view: Option<SavedView>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SavedViewCreateError>,
}

user_error! {
    /// Why `savedViewCreate` did nothing.
    SavedViewCreateError,
    /// The reasons of `savedViewCreate` to do nothing.
    SavedViewCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The view is to be shared, and you are neither a supervisor nor an administrator of the project.
        NotSupervisor,
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
        /// There are 100 views of this owner.
        TooManySavedViews,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct SavedViewCreate;

#[Object]
impl SavedViewCreate {
    /// Saves a filter of sessions under a name, for yourself or for everybody in the project.
    async fn saved_view_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The view to save.")] input: SavedViewCreateInput,
    ) -> Result<SavedViewCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(SavedViewCreatePayload { saved_view: done.map(|row| SavedView::new(Arc::new(row), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: SavedViewCreateInput,
) -> Result<domain::SavedView, Stop<domain::SavedView, SavedViewCreateError>> {
    let invalid = |field, why: &dyn std::fmt::Display| {
        SavedViewCreateError::new(SavedViewCreateErrorCode::InvalidId, Some(field), why)
    };
    let project_id = id::parse(&input.project_id).map_err(|why| invalid("projectId", &why))?;
    let SavedViewCreateInput { name, filter, shared, idempotency_key, .. } = input;
    let filter = filter.condition().map_err(|_| invalid("filter", &FOREIGN_ID))?;
    let new = NewSavedView { project_id, name, filter, is_shared: shared, idempotency_key };
    let made = view.desk().saved_view_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::SavedView, SavedViewCreateError> {
    use SavedViewCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, Some("shared")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::Filter(_) => (Code::FilterTooLarge, Some("filter")),
        Refusal::TooMany => (Code::TooManySavedViews, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) | Refusal::NotAll => return Stop::unexpected(refusal),
    };
    SavedViewCreateError::new(code, field, refusal).into()
}
