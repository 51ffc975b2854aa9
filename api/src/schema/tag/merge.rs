//! Merging one tag into another.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::tag::TagMergeRefusal as Refusal;

use super::Tag;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `tagMerge` takes.
#[derive(InputObject)]
pub(crate) struct TagMergeInput {
    /// The global id of the tag to be merged.
    from_id: ID,
    /// The global id of the tag that takes its place, in the same project.
    into_id: ID,
}

/// What came of `tagMerge`.
#[derive(SimpleObject)]
pub(crate) struct TagMergePayload {
    /// The tag that is left. Null if nothing was merged.
    tag: Option<Tag>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TagMergeError>,
}

user_error! {
    /// Why `tagMerge` did nothing.
    TagMergeError,
    /// The reasons of `tagMerge` to do nothing.
    TagMergeErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such tag, you may not see it, or it is of another project; `path` says which.
        TagNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// Both are the same tag.
        SameTag,
        /// The tag to merge into was put away.
        TagArchived,
    }
}

#[derive(Default)]
pub(crate) struct TagMerge;

#[Object]
impl TagMerge {
    /// Merges a tag into another one: sessions, customers and diversion links that have it get the other one, each
    /// once, and it is put away with `mergedInto`. For supervisors and administrators of the project.
    async fn tag_merge(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The two tags.")] input: TagMergeInput,
    ) -> Result<TagMergePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TagMergePayload { tag: done.map(|done| Tag::new(Arc::new(done))), user_errors })
    }
}

async fn run(view: &View, input: TagMergeInput) -> Result<domain::Tag, Stop<domain::Tag, TagMergeError>> {
    use TagMergeErrorCode as Code;
    let invalid = |field| move |invalid| TagMergeError::new(Code::InvalidId, Some(field), invalid);
    let from = id::parse(&input.from_id).map_err(invalid("fromId"))?;
    let into = id::parse(&input.into_id).map_err(invalid("intoId"))?;
    let merged = view.desk().tag_merge(view.actor(), from, into).await;
    merged.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Tag, TagMergeError> {
    use TagMergeErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::FromNotFound => (Code::TagNotFound, Some("fromId")),
        Refusal::IntoNotFound => (Code::TagNotFound, Some("intoId")),
        Refusal::Same => (Code::SameTag, Some("intoId")),
        Refusal::IntoArchived => (Code::TagArchived, Some("intoId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
    };
    TagMergeError::new(code, field, refusal).into()
}
