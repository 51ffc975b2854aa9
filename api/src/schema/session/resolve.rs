//! Resolving what a session is about.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::{SessionRefusal, SessionResolveRefusal as Refusal};

use super::Session;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionResolve` takes.
#[derive(InputObject)]
pub(crate) struct SessionResolveInput {
    /// The global id of the session.
    session_id: ID,
    /// What was done, for colleagues, up to 2000 characters. Null or left out for nothing.
    summary: Option<String>,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionResolve`.
#[derive(SimpleObject)]
pub(crate) struct SessionResolvePayload {
    /// The session as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionResolveError>,
}

user_error! {
    /// Why `sessionResolve` left the session as it is.
    SessionResolveError,
    /// The reasons of `sessionResolve` to leave the session as it is.
    SessionResolveErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The session is closed already.
        AlreadyClosed,
        /// The session is resolved already.
        AlreadyResolved,
        /// Another agent answers in the session, and you are not a supervisor.
        NotActiveReplier,
        /// The summary is longer than 2000 characters.
        SummaryTooLong,
    }
}

#[derive(Default)]
pub(crate) struct SessionResolve;

#[Object]
impl SessionResolve {
    /// Notes that what a session is about is resolved, and resolves the tickets that came of it, with the summary. It stays
    /// open for a while (`SessionLife.closeAfterResolveSeconds`) and then closes by itself; a message from the customer
    /// before that makes it unread and unresolved again. For the agent who answers in it and for supervisors; while nobody
    /// has it, for everybody who sees it.
    async fn session_resolve(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session to resolve.")] input: SessionResolveInput,
    ) -> Result<SessionResolvePayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(resolve(&view, &input)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        Ok(SessionResolvePayload { session, user_errors })
    }
}

async fn resolve(
    view: &View,
    input: &SessionResolveInput,
) -> Result<domain::Session, Stop<domain::Session, SessionResolveError>> {
    let id = id::parse(&input.session_id)
        .map_err(|invalid| SessionResolveError::new(SessionResolveErrorCode::InvalidId, Some("sessionId"), invalid))?;
    let summary = input.summary.as_deref().unwrap_or_default();
    let resolved = view.desk().session_resolve(view.actor(), id, summary, input.expected_version).await;
    resolved.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionResolveError> {
    use SessionResolveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(SessionRefusal::VersionConflict(_)) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::AlreadyClosed, "sessionId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::NotActiveReplier => (Code::NotActiveReplier, "sessionId"),
        Refusal::AlreadyResolved => (Code::AlreadyResolved, "sessionId"),
        Refusal::Summary(_) => (Code::SummaryTooLong, "summary"),
    };
    let error = SessionResolveError::new(code, Some(field), &refusal);
    let current = if let Refusal::Session(refusal) = refusal { current(refusal) } else { None };
    Stop::Refused { error, current }
}
