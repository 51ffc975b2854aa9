//! Taking a session over.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::{SessionRefusal, SessionTakeOverRefusal as Refusal};
use domain::session::TakeOverRefusal;

use super::Session;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionTakeOver` takes.
#[derive(InputObject)]
pub(crate) struct SessionTakeOverInput {
    /// The global id of the session.
    session_id: ID,
    /// Whether the agent who has it goes on reading along. If not, it ends for them.
    #[graphql(default = true)]
    keep_previous: bool,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionTakeOver`.
#[derive(SimpleObject)]
pub(crate) struct SessionTakeOverPayload {
    /// The session as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionTakeOverError>,
}

user_error! {
    /// Why `sessionTakeOver` left the session as it is.
    SessionTakeOverError,
    /// The reasons of `sessionTakeOver` to leave the session as it is.
    SessionTakeOverErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or you may not see it, or it has ended for you.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// You are neither a supervisor nor an administrator of the project, and do not read along in the session.
        NotSupervisor,
        /// You read along, and the agent who has the session is online: only supervisors take it from them now, and those
        /// who are to answer the customer by an escalated ticket.
        AssigneeOnline,
        /// The session is closed.
        AlreadyClosed,
    }
}

#[derive(Default)]
pub(crate) struct SessionTakeOver;

#[Object]
impl SessionTakeOver {
    /// Has you answer in a session from now on, in place of whoever does. For supervisors; for those who are to answer its
    /// customer by a ticket that was escalated, of this session or else of an earlier one; and for those who read along,
    /// while the agent who has it is not online: one who does not follow the project and has not for a minute.
    async fn session_take_over(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] input: SessionTakeOverInput,
    ) -> Result<SessionTakeOverPayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(take_over(&view, &input)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        Ok(SessionTakeOverPayload { session, user_errors })
    }
}

async fn take_over(
    view: &View,
    input: &SessionTakeOverInput,
) -> Result<domain::Session, Stop<domain::Session, SessionTakeOverError>> {
    let id = id::parse(&input.session_id).map_err(|invalid| {
        SessionTakeOverError::new(SessionTakeOverErrorCode::InvalidId, Some("sessionId"), invalid)
    })?;
    let taken = view.desk().session_take_over(view.actor(), id, input.keep_previous, input.expected_version).await;
    taken.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionTakeOverError> {
    use SessionTakeOverErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(SessionRefusal::VersionConflict(_)) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::AlreadyClosed, "sessionId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::TakeOver(TakeOverRefusal::NotConcerned) => (Code::NotSupervisor, "sessionId"),
        Refusal::TakeOver(TakeOverRefusal::AssigneeOnline) => (Code::AssigneeOnline, "sessionId"),
    };
    let error = SessionTakeOverError::new(code, Some(field), &refusal);
    let current = if let Refusal::Session(refusal) = refusal { current(refusal) } else { None };
    Stop::Refused { error, current }
}
