//! What came of one session among many.

use std::sync::Arc;

use async_graphql::Object;
use desk::session::{BulkOutcome, BulkReason as Reason, BulkRefused};
use domain::SessionId;

use super::Session;
use crate::schema::id::Id;
use crate::schema::user_error::{UserError as _, user_error};
use crate::view::View;

user_error! {
    /// Why `sessionsBulk` left a session as it is.
    SessionsBulkResultError,
    /// The reasons of `sessionsBulk` to leave a session as it is.
    SessionsBulkResultErrorCode {
        /// There is no such session in the project, or you may not see it, or it has ended for you.
        SessionNotFound,
        /// The session is closed.
        SessionClosed,
        /// Another agent has the session, and you are not a supervisor.
        TakenByAnother,
        /// There is no such agent, or they do not work in this project.
        AgentNotFound,
        /// There is no such team in this project.
        TeamNotFound,
        /// The session is there already.
        SameTarget,
        /// The description is empty.
        DescriptionRequired,
        /// The description is longer than 2000 characters.
        DescriptionTooLong,
        /// The session is resolved already.
        AlreadyResolved,
        /// The summary is longer than 2000 characters.
        SummaryTooLong,
        /// A promise to come back needs its time.
        UntilRequired,
        /// The time is not in the future.
        UntilPast,
        /// The time is more than 366 days ahead.
        UntilTooFar,
        /// The note is longer than 500 characters.
        NoteTooLong,
        /// There is no such tag in the project.
        TagNotFound,
        /// The tag was put away.
        TagArchived,
        /// The session would have more than 50 tags.
        TooManyTags,
        /// It could not be done at this moment. Try it again.
        TryAgain,
    }
}

pub(crate) struct SessionsBulkResult {
    session_id: SessionId,
    outcome: Result<Option<Arc<domain::Session>>, BulkRefused>,
    view: View,
}

impl SessionsBulkResult {
    pub(super) fn new(done: BulkOutcome, view: &View) -> Self {
        Self {
            session_id: done.session_id,
            outcome: done.outcome.map(|session| session.map(Arc::new)),
            view: view.clone(),
        }
    }

    /// Whether it was done.
    pub(super) fn is_done(&self) -> bool {
        self.outcome.is_ok()
    }
}

/// What came of `sessionsBulk` for one session.
#[Object]
impl SessionsBulkResult {
    /// The global id of the session.
    async fn session_id(&self) -> Id {
        self.session_id.into()
    }

    /// The session as it is now for you. Null if it was left as it is, or if you do not see it any more when the request comes
    /// again.
    async fn session(&self) -> Option<Session> {
        let session = self.outcome.as_ref().ok()?.as_ref()?;
        Some(Session::new(session.clone(), &self.view))
    }

    /// Why the session was left as it is. Empty if all went well.
    async fn user_errors(&self) -> Vec<SessionsBulkResultError> {
        let Err(refused) = &self.outcome else { return Vec::new() };
        let (code, field) = explain(refused.reason);
        vec![SessionsBulkResultError::new(code, Some(field), &refused.message)]
    }
}

/// The reason for programs, and the field of the input where the cause is.
fn explain(reason: Reason) -> (SessionsBulkResultErrorCode, &'static str) {
    use SessionsBulkResultErrorCode as Code;
    match reason {
        Reason::SessionNotFound => (Code::SessionNotFound, "sessionIds"),
        Reason::SessionClosed => (Code::SessionClosed, "sessionIds"),
        Reason::TakenByAnother => (Code::TakenByAnother, "sessionIds"),
        Reason::AgentNotFound => (Code::AgentNotFound, "agentId"),
        Reason::TeamNotFound => (Code::TeamNotFound, "teamId"),
        Reason::SameTarget => (Code::SameTarget, "sessionIds"),
        Reason::DescriptionRequired => (Code::DescriptionRequired, "description"),
        Reason::DescriptionTooLong => (Code::DescriptionTooLong, "description"),
        Reason::AlreadyResolved => (Code::AlreadyResolved, "sessionIds"),
        Reason::SummaryTooLong => (Code::SummaryTooLong, "summary"),
        Reason::UntilRequired => (Code::UntilRequired, "followUp"),
        Reason::UntilPast => (Code::UntilPast, "followUp"),
        Reason::UntilTooFar => (Code::UntilTooFar, "followUp"),
        Reason::NoteTooLong => (Code::NoteTooLong, "followUp"),
        Reason::TagNotFound => (Code::TagNotFound, "tagIds"),
        Reason::TagArchived => (Code::TagArchived, "tagIds"),
        Reason::TooManyTags => (Code::TooManyTags, "tagIds"),
        Reason::TryAgain => (Code::TryAgain, "sessionIds"),
    }
}

/// A count as the schema has it.
pub(super) fn count(sessions: usize) -> i32 {
    i32::try_from(sessions).unwrap_or(i32::MAX)
}
