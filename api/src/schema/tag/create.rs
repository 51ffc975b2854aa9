//! Making a tag.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::StandingRefusal;
use desk::tag::{NewTag, TagRefusal as Refusal};
use domain::name::NameRefusal;

use super::Tag;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `tagCreate` takes.
#[derive(InputObject)]
pub(crate) struct TagCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// The name, 1 to 100 characters, which no other tag of the project has.
    name: String,
    /// The colour, as `#rrggbb`.
    color: String,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other tag and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `tagCreate`.
#[derive(SimpleObject)]
pub(crate) struct TagCreatePayload {
    /// The new tag. Null if none was made.
    tag: Option<Tag>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TagCreateError>,
}

user_error! {
    /// Why `tagCreate` did nothing.
    TagCreateError,
    /// The reasons of `tagCreate` to do nothing.
    TagCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// Something else of the kind in the project has this name.
        NameTaken,
        /// The colour is not of the form `#rrggbb`.
        ColorMalformed,
        /// The project has 500 tags.
        TooManyTags,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct TagCreate;

#[Object]
impl TagCreate {
    /// Makes a tag for sessions. For supervisors and administrators of the project.
    async fn tag_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The tag to make.")] input: TagCreateInput,
    ) -> Result<TagCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TagCreatePayload { tag: done.map(|tag| Tag::new(Arc::new(tag))), user_errors })
    }
}

async fn run(view: &View, input: TagCreateInput) -> Result<domain::Tag, Stop<domain::Tag, TagCreateError>> {
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| TagCreateError::new(TagCreateErrorCode::InvalidId, Some("projectId"), invalid))?;
    let TagCreateInput { name, color, idempotency_key, .. } = input;
    let new = NewTag { project_id, name, color, idempotency_key };
    let made = view.desk().tag_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Tag, TagCreateError> {
    use TagCreateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::Color(_) => (Code::ColorMalformed, Some("color")),
        Refusal::TooMany => (Code::TooManyTags, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
    };
    TagCreateError::new(code, field, refusal).into()
}
