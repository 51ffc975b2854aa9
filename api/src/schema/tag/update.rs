//! Changing a tag.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::tag::{TagChange, TagUpdateRefusal as Refusal};
use domain::name::NameRefusal;

use super::Tag;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `tagUpdate` takes.
#[derive(InputObject)]
pub(crate) struct TagUpdateInput {
    /// The global id of the tag.
    tag_id: ID,
    /// The name, 1 to 100 characters, which no other tag of the project has. Null or left out: it stays as it is.
    name: Option<String>,
    /// The colour, as `#rrggbb`. Null or left out: it stays as it is.
    color: Option<String>,
    /// The version of the tag that you have seen. If given and the tag has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `tagUpdate`.
#[derive(SimpleObject)]
pub(crate) struct TagUpdatePayload {
    /// The tag as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    tag: Option<Tag>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TagUpdateError>,
}

user_error! {
    /// Why `tagUpdate` did nothing.
    TagUpdateError,
    /// The reasons of `tagUpdate` to do nothing.
    TagUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such tag, or you may not see it.
        TagNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The tag has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// Another tag of the project has this name.
        NameTaken,
        /// The colour is not of the form `#rrggbb`.
        ColorMalformed,
    }
}

#[derive(Default)]
pub(crate) struct TagUpdate;

#[Object]
impl TagUpdate {
    /// Gives a tag another name or colour. Whatever has it keeps it. For supervisors and administrators of the project.
    async fn tag_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The tag and what is to change.")] input: TagUpdateInput,
    ) -> Result<TagUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TagUpdatePayload { tag: done.map(|done| Tag::new(Arc::new(done))), user_errors })
    }
}

async fn run(view: &View, input: TagUpdateInput) -> Result<domain::Tag, Stop<domain::Tag, TagUpdateError>> {
    use TagUpdateErrorCode as Code;
    let invalid = |field| move |invalid| TagUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.tag_id).map_err(invalid("tagId"))?;
    let TagUpdateInput { name, color, expected_version, .. } = input;
    let changed = view.desk().tag_update(view.actor(), id, &TagChange { name, color, expected_version }).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Tag, TagUpdateError> {
    use TagUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::TagNotFound, Some("tagId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::Color(_) => (Code::ColorMalformed, Some("color")),
    };
    let error = TagUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(tag) = refusal { Some(*tag) } else { None };
    Stop::Refused { error, current }
}
