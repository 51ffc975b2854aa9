//! Closing a session.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::{SessionCloseRefusal as Refusal, SessionRefusal};

use super::Session;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionClose` takes.
#[derive(InputObject)]
pub(crate) struct SessionCloseInput {
    /// The global id of the session.
    session_id: ID,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionClose`.
#[derive(SimpleObject)]
pub(crate) struct SessionClosePayload {
    /// The session as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionCloseError>,
}

user_error! {
    /// Why `sessionClose` left the session as it is.
    SessionCloseError,
    /// The reasons of `sessionClose` to leave the session as it is.
    SessionCloseErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The session is closed already.
        AlreadyClosed,
        /// Another agent answers in the session, and you are not a supervisor.
        NotActiveReplier,
    }
}

#[derive(Default)]
pub(crate) struct SessionClose;

#[Object]
impl SessionClose {
    /// Closes a session. A message from the customer within `SessionLife.reopenWindowSeconds`, usually a day, opens it again;
    /// a later one starts a new session.
    /// For the agent who answers in it and for supervisors; while nobody has it, for everybody who sees it.
    async fn session_close(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session to close.")] input: SessionCloseInput,
    ) -> Result<SessionClosePayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(close(&view, &input)).await?;
        Ok(SessionClosePayload { session: session.map(|session| Session::new(Arc::new(session), &view)), user_errors })
    }
}

async fn close(
    view: &View,
    input: &SessionCloseInput,
) -> Result<domain::Session, Stop<domain::Session, SessionCloseError>> {
    let id = id::parse(&input.session_id)
        .map_err(|invalid| SessionCloseError::new(SessionCloseErrorCode::InvalidId, Some("sessionId"), invalid))?;
    let closed = view.desk().session_close(view.actor(), id, input.expected_version).await;
    closed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionCloseError> {
    use SessionCloseErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(SessionRefusal::VersionConflict(_)) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::AlreadyClosed, "sessionId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::NotActiveReplier => (Code::NotActiveReplier, "sessionId"),
    };
    let error = SessionCloseError::new(code, Some(field), &refusal);
    let current = if let Refusal::Session(refusal) = refusal { current(refusal) } else { None };
    Stop::Refused { error, current }
}
