//! Putting a tag away.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::tag::TagArchiveRefusal as Refusal;

use super::Tag;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `tagArchive` takes.
#[derive(InputObject)]
pub(crate) struct TagArchiveInput {
    /// The global id of the tag.
    tag_id: ID,
}

/// What came of `tagArchive`.
#[derive(SimpleObject)]
pub(crate) struct TagArchivePayload {
    /// The tag as it is now. Null if it was left as it is.
    tag: Option<Tag>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TagArchiveError>,
}

user_error! {
    /// Why `tagArchive` did nothing.
    TagArchiveError,
    /// The reasons of `tagArchive` to do nothing.
    TagArchiveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such tag, or you may not see it.
        TagNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct TagArchive;

#[Object]
impl TagArchive {
    /// Puts a tag away: what has it keeps it, and nothing gets it any more. For supervisors and administrators of the
    /// project.
    async fn tag_archive(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The tag.")] input: TagArchiveInput,
    ) -> Result<TagArchivePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TagArchivePayload { tag: done.map(|done| Tag::new(Arc::new(done))), user_errors })
    }
}

async fn run(view: &View, input: TagArchiveInput) -> Result<domain::Tag, Stop<domain::Tag, TagArchiveError>> {
    use TagArchiveErrorCode as Code;
    let invalid = |field| move |invalid| TagArchiveError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.tag_id).map_err(invalid("tagId"))?;
    let changed = view.desk().tag_archive(view.actor(), id).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Tag, TagArchiveError> {
    use TagArchiveErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::TagNotFound, Some("tagId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
    };
    TagArchiveError::new(code, field, refusal).into()
}
