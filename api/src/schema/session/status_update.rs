//! Saying where a session stands.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use desk::session::{NewFollowUp, NewStatus, SessionRefusal, SessionStatusRefusal as Refusal};
use domain::session::FollowUpRefusal;

use super::refusal::current;
use super::{Session, SessionAwaited};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// Where an open session is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SessionOpenStatus {
    /// It asks for an agent's look.
    Unread,
    /// An agent is on it.
    Processing,
    /// It waits for the customer, a third party or a promised time.
    FollowUp,
}

/// What a session is to wait for.
#[derive(InputObject)]
pub(crate) struct SessionFollowUpInput {
    /// Whom or what it is to wait for.
    awaited: SessionAwaited,
    /// Until when, on the project's clock. When it has passed the session is unread again, and until then the silence of
    /// the customer does not close it. Null or left out for no time, except with `PROMISED_TIME`.
    until: Option<DateTime>,
    /// What exactly, for colleagues, up to 500 characters. Null or left out for nothing.
    note: Option<String>,
}

/// What `sessionStatusUpdate` takes.
#[derive(InputObject)]
pub(crate) struct SessionStatusUpdateInput {
    /// The global id of the session.
    session_id: ID,
    /// Where it is to stand.
    status: SessionOpenStatus,
    /// What it is to wait for: with `FOLLOW_UP`, and only with that.
    follow_up: Option<SessionFollowUpInput>,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionStatusUpdate`.
#[derive(SimpleObject)]
pub(crate) struct SessionStatusUpdatePayload {
    /// The session as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionStatusUpdateError>,
}

user_error! {
    /// Why `sessionStatusUpdate` left the session as it is.
    SessionStatusUpdateError,
    /// The reasons of `sessionStatusUpdate` to leave the session as it is.
    SessionStatusUpdateErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The session is closed: open it again by `sessionReopen`.
        SessionClosed,
        /// Another agent answers in the session, and you are not a supervisor.
        NotActiveReplier,
        /// With `FOLLOW_UP` it has to be said what the session waits for.
        FollowUpRequired,
        /// What a session waits for is said with `FOLLOW_UP` only.
        FollowUpNotExpected,
        /// A promise to come back needs its time.
        UntilRequired,
        /// The time is not in the future.
        UntilPast,
        /// The time is more than 366 days ahead.
        UntilTooFar,
        /// The note is longer than 500 characters.
        NoteTooLong,
    }
}

#[derive(Default)]
pub(crate) struct SessionStatusUpdate;

#[Object]
impl SessionStatusUpdate {
    /// Says where an open session stands and what it waits for. One that was resolved goes on unresolved. For the agent
    /// who answers in it and for supervisors; while nobody has it, for everybody who sees it.
    async fn session_status_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and where it is to stand.")] input: SessionStatusUpdateInput,
    ) -> Result<SessionStatusUpdatePayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(update(&view, input)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        Ok(SessionStatusUpdatePayload { session, user_errors })
    }
}

/// What is said of what a session waits for does not go with where it is to stand.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(super) enum FollowUpMismatch {
    #[error("say in `followUp` what the session waits for")]
    Required,
    #[error("only a session with the status `FOLLOW_UP` waits for something: leave `followUp` out")]
    NotExpected,
}

/// Where a session is to stand, in the words of the desk.
pub(super) fn new_status(
    status: SessionOpenStatus,
    follow_up: Option<&SessionFollowUpInput>,
) -> std::result::Result<NewStatus, FollowUpMismatch> {
    match (status, follow_up) {
        (SessionOpenStatus::Unread, None) => Ok(NewStatus::Unread),
        (SessionOpenStatus::Processing, None) => Ok(NewStatus::Processing),
        (SessionOpenStatus::FollowUp, Some(new)) => Ok(NewStatus::FollowUp(NewFollowUp {
            awaited: new.awaited.into(),
            until: new.until.as_ref().map(|until| until.0),
            note: new.note.clone().unwrap_or_default(),
        })),
        (SessionOpenStatus::FollowUp, None) => Err(FollowUpMismatch::Required),
        (SessionOpenStatus::Unread | SessionOpenStatus::Processing, Some(_)) => Err(FollowUpMismatch::NotExpected),
    }
}

async fn update(
    view: &View,
    input: SessionStatusUpdateInput,
) -> Result<domain::Session, Stop<domain::Session, SessionStatusUpdateError>> {
    use SessionStatusUpdateErrorCode as Code;
    let id = id::parse(&input.session_id)
        .map_err(|invalid| SessionStatusUpdateError::new(Code::InvalidId, Some("sessionId"), invalid))?;
    let status = new_status(input.status, input.follow_up.as_ref()).map_err(|mismatch| {
        let code = match mismatch {
            FollowUpMismatch::Required => Code::FollowUpRequired,
            FollowUpMismatch::NotExpected => Code::FollowUpNotExpected,
        };
        SessionStatusUpdateError::new(code, Some("followUp"), mismatch)
    })?;
    let updated = view.desk().session_status_update(view.actor(), id, &status, input.expected_version).await;
    updated.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionStatusUpdateError> {
    use SessionStatusUpdateErrorCode as Code;
    let (code, place): (_, &[&str]) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, &["sessionId"]),
        Refusal::Session(SessionRefusal::VersionConflict(_)) => (Code::VersionConflict, &["expectedVersion"]),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::SessionClosed, &["sessionId"]),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::NotActiveReplier => (Code::NotActiveReplier, &["sessionId"]),
        Refusal::FollowUp(FollowUpRefusal::NoTime) => (Code::UntilRequired, &["followUp", "until"]),
        Refusal::FollowUp(FollowUpRefusal::Past) => (Code::UntilPast, &["followUp", "until"]),
        Refusal::FollowUp(FollowUpRefusal::TooFar) => (Code::UntilTooFar, &["followUp", "until"]),
        Refusal::FollowUp(FollowUpRefusal::LongNote) => (Code::NoteTooLong, &["followUp", "note"]),
    };
    let error = SessionStatusUpdateError::at(code, place.iter().map(ToString::to_string), &refusal);
    let current = if let Refusal::Session(refusal) = refusal { current(refusal) } else { None };
    Stop::Refused { error, current }
}
