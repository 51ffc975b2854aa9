//! Taking a tag out again.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::tag::TagArchiveRefusal as Refusal;

use super::Tag;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `tagRestore` takes.
#[derive(InputObject)]
pub(crate) struct TagRestoreInput {
    /// The global id of the tag.
    tag_id: ID,
}

/// What came of `tagRestore`.
#[derive(SimpleObject)]
pub(crate) struct TagRestorePayload {
    /// The tag as it is now. Null if it was left as it is.
    tag: Option<Tag>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TagRestoreError>,
}

user_error! {
    /// Why `tagRestore` did nothing.
    TagRestoreError,
    /// The reasons of `tagRestore` to do nothing.
    TagRestoreErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such tag, or you may not see it.
        TagNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct TagRestore;

#[Object]
impl TagRestore {
    /// Takes a tag out again that was put away or merged into another one. What it was merged into is kept by whatever
    /// has that. For supervisors and administrators of the project.
    async fn tag_restore(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The tag.")] input: TagRestoreInput,
    ) -> Result<TagRestorePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TagRestorePayload { tag: done.map(|done| Tag::new(Arc::new(done))), user_errors })
    }
}

async fn run(view: &View, input: TagRestoreInput) -> Result<domain::Tag, Stop<domain::Tag, TagRestoreError>> {
    use TagRestoreErrorCode as Code;
    let invalid = |field| move |invalid| TagRestoreError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.tag_id).map_err(invalid("tagId"))?;
    let changed = view.desk().tag_restore(view.actor(), id).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Tag, TagRestoreError> {
    use TagRestoreErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::TagNotFound, Some("tagId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
    };
    TagRestoreError::new(code, field, refusal).into()
}
