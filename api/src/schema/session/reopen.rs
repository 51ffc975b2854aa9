//! Opening a closed session again.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::SessionRefusal as Refusal;

use super::Session;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionReopen` takes.
#[derive(InputObject)]
pub(crate) struct SessionReopenInput {
    /// The global id of the session.
    session_id: ID,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionReopen`.
#[derive(SimpleObject)]
pub(crate) struct SessionReopenPayload {
    /// The session as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionReopenError>,
}

user_error! {
    /// Why `sessionReopen` left the session as it is.
    SessionReopenError,
    /// The reasons of `sessionReopen` to leave the session as it is.
    SessionReopenErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The session is open.
        NotClosed,
        /// The customer has another session that is open: go on in that one.
        NewerSessionOpen,
        /// The customer was erased: nobody can be reached in the session any more.
        CustomerErased,
    }
}

#[derive(Default)]
pub(crate) struct SessionReopen;

#[Object]
impl SessionReopen {
    /// Opens a closed session again, as unread.
    async fn session_reopen(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session to open again.")] input: SessionReopenInput,
    ) -> Result<SessionReopenPayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(reopen(&view, &input)).await?;
        Ok(SessionReopenPayload { session: session.map(|session| Session::new(Arc::new(session), &view)), user_errors })
    }
}

async fn reopen(
    view: &View,
    input: &SessionReopenInput,
) -> Result<domain::Session, Stop<domain::Session, SessionReopenError>> {
    let id = id::parse(&input.session_id)
        .map_err(|invalid| SessionReopenError::new(SessionReopenErrorCode::InvalidId, Some("sessionId"), invalid))?;
    let reopened = view.desk().session_reopen(view.actor(), id, input.expected_version).await;
    reopened.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionReopenError> {
    use SessionReopenErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::SessionNotFound, "sessionId"),
        Refusal::VersionConflict(_) => (Code::VersionConflict, "expectedVersion"),
        Refusal::NotClosed => (Code::NotClosed, "sessionId"),
        Refusal::NewerSessionOpen => (Code::NewerSessionOpen, "sessionId"),
        Refusal::CustomerErased => (Code::CustomerErased, "sessionId"),
        Refusal::AlreadyClosed => return Stop::unexpected(refusal),
    };
    Stop::Refused { error: SessionReopenError::new(code, Some(field), &refusal), current: current(refusal) }
}
