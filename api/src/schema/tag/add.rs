//! Gives tags to a session; those that it has stay.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::SessionRefusal;
use desk::tag::SessionTagsRefusal as Refusal;
use domain::TagId;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::Session;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionTagsAdd` takes.
#[derive(InputObject)]
pub(crate) struct SessionTagsAddInput {
    /// The global id of the session.
    session_id: ID,
    /// The global ids of the tags.
    tag_ids: Vec<ID>,
}

/// What came of `sessionTagsAdd`.
#[derive(SimpleObject)]
pub(crate) struct SessionTagsAddPayload {
    /// The session as it is now. Null if it was left as it is.
    session: Option<Session>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SessionTagsAddError>,
}

user_error! {
    /// Why `sessionTagsAdd` did nothing.
    SessionTagsAddError,
    /// The reasons of `sessionTagsAdd` to do nothing.
    SessionTagsAddErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// A tag is not of the project.
        TagNotFound,
        /// A tag was put away.
        TagArchived,
        /// The session would have more than 50 tags.
        TooManyTags,
    }
}

#[derive(Default)]
pub(crate) struct SessionTagsAdd;

#[Object]
impl SessionTagsAdd {
    /// Gives tags to a session; those that it has stay.
    async fn session_tags_add(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and the tags to give to it.")] input: SessionTagsAddInput,
    ) -> Result<SessionTagsAddPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(SessionTagsAddPayload { session: done.map(|session| Session::new(Arc::new(session), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: SessionTagsAddInput,
) -> Result<domain::Session, Stop<domain::Session, SessionTagsAddError>> {
    let session_id = id::parse(&input.session_id)
        .map_err(|invalid| SessionTagsAddError::new(SessionTagsAddErrorCode::InvalidId, Some("sessionId"), invalid))?;
    let tags = input.tag_ids.iter().map(|tag| id::parse::<TagId>(tag)).collect::<Result<Vec<_>, _>>();
    let tags =
        tags.map_err(|invalid| SessionTagsAddError::new(SessionTagsAddErrorCode::InvalidId, Some("tagIds"), invalid))?;
    let changed = view.desk().session_tags_add(view.actor(), session_id, &tags).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionTagsAddError> {
    use SessionTagsAddErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, Some("sessionId")),
        Refusal::TagNotFound => (Code::TagNotFound, Some("tagIds")),
        Refusal::TagArchived => (Code::TagArchived, Some("tagIds")),
        Refusal::TooMany => (Code::TooManyTags, Some("tagIds")),
        _ => return Stop::unexpected(refusal),
    };
    SessionTagsAddError::new(code, field, refusal).into()
}
