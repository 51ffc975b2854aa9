//! Takes tags from a session; those that it does not have stay away.

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

/// What `sessionTagsRemove` takes.
#[derive(InputObject)]
pub(crate) struct SessionTagsRemoveInput {
    /// The global id of the session.
    session_id: ID,
    /// The global ids of the tags.
    tag_ids: Vec<ID>,
}

/// What came of `sessionTagsRemove`.
#[derive(SimpleObject)]
pub(crate) struct SessionTagsRemovePayload {
    /// The session as it is now. Null if it was left as it is.
    session: Option<Session>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SessionTagsRemoveError>,
}

user_error! {
    /// Why `sessionTagsRemove` did nothing.
    SessionTagsRemoveError,
    /// The reasons of `sessionTagsRemove` to do nothing.
    SessionTagsRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// A tag is not of the project.
        TagNotFound,
    }
}

#[derive(Default)]
pub(crate) struct SessionTagsRemove;

#[Object]
impl SessionTagsRemove {
    /// Takes tags from a session; those that it does not have stay away.
    async fn session_tags_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and the tags to take away.")] input: SessionTagsRemoveInput,
    ) -> Result<SessionTagsRemovePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(SessionTagsRemovePayload {
            session: done.map(|session| Session::new(Arc::new(session), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: SessionTagsRemoveInput,
) -> Result<domain::Session, Stop<domain::Session, SessionTagsRemoveError>> {
    let session_id = id::parse(&input.session_id).map_err(|invalid| {
        SessionTagsRemoveError::new(SessionTagsRemoveErrorCode::InvalidId, Some("sessionId"), invalid)
    })?;
    let tags = input.tag_ids.iter().map(|tag| id::parse::<TagId>(tag)).collect::<Result<Vec<_>, _>>();
    let tags = tags.map_err(|invalid| {
        SessionTagsRemoveError::new(SessionTagsRemoveErrorCode::InvalidId, Some("tagIds"), invalid)
    })?;
    let changed = view.desk().session_tags_remove(view.actor(), session_id, &tags).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionTagsRemoveError> {
    use SessionTagsRemoveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, Some("sessionId")),
        Refusal::TagNotFound => (Code::TagNotFound, Some("tagIds")),

        _ => return Stop::unexpected(refusal),
    };
    SessionTagsRemoveError::new(code, field, refusal).into()
}
