//! Saying how pressing a session is.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::SessionRefusal as Refusal;

use super::refusal::current;
use super::{Session, SessionPriority};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionPriorityUpdate` takes.
#[derive(InputObject)]
pub(crate) struct SessionPriorityUpdateInput {
    /// The global id of the session.
    session_id: ID,
    /// How pressing it is.
    priority: SessionPriority,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionPriorityUpdate`.
#[derive(SimpleObject)]
pub(crate) struct SessionPriorityUpdatePayload {
    /// The session as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionPriorityUpdateError>,
}

user_error! {
    /// Why `sessionPriorityUpdate` left the session as it is.
    SessionPriorityUpdateError,
    /// The reasons of `sessionPriorityUpdate` to leave the session as it is.
    SessionPriorityUpdateErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The session is closed.
        SessionClosed,
    }
}

#[derive(Default)]
pub(crate) struct SessionPriorityUpdate;

#[Object]
impl SessionPriorityUpdate {
    /// Says how pressing an open session is. For everybody who sees it.
    async fn session_priority_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and its priority.")] input: SessionPriorityUpdateInput,
    ) -> Result<SessionPriorityUpdatePayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(update(&view, &input)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        Ok(SessionPriorityUpdatePayload { session, user_errors })
    }
}

async fn update(
    view: &View,
    input: &SessionPriorityUpdateInput,
) -> Result<domain::Session, Stop<domain::Session, SessionPriorityUpdateError>> {
    let id = id::parse(&input.session_id).map_err(|invalid| {
        SessionPriorityUpdateError::new(SessionPriorityUpdateErrorCode::InvalidId, Some("sessionId"), invalid)
    })?;
    let priority = input.priority.into();
    let updated = view.desk().session_priority_update(view.actor(), id, priority, input.expected_version).await;
    updated.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionPriorityUpdateError> {
    use SessionPriorityUpdateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::SessionNotFound, "sessionId"),
        Refusal::VersionConflict(_) => (Code::VersionConflict, "expectedVersion"),
        Refusal::AlreadyClosed => (Code::SessionClosed, "sessionId"),
        Refusal::NotClosed | Refusal::NewerSessionOpen | Refusal::CustomerErased => return Stop::unexpected(refusal),
    };
    Stop::Refused { error: SessionPriorityUpdateError::new(code, Some(field), &refusal), current: current(refusal) }
}
