//! What came of one session among many.

use std::sync::Arc;

use async_graphql::Object;
use desk::session::{
    BulkOutcome, BulkRefusal as Refusal, SessionAssignRefusal, SessionRefusal, SessionResolveRefusal,
    SessionStatusRefusal, SessionTransferRefusal,
};
use desk::tag::SessionTagsRefusal;
use domain::SessionId;
use domain::session::{DescriptionRefusal, FollowUpRefusal};

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
    outcome: Result<Arc<domain::Session>, Refusal>,
    view: View,
}

impl SessionsBulkResult {
    pub(super) fn new(done: BulkOutcome, view: &View) -> Self {
        Self { session_id: done.session_id, outcome: done.outcome.map(Arc::new), view: view.clone() }
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

    /// The session as it is now for you. Null if it was left as it is.
    async fn session(&self) -> Option<Session> {
        let session = self.outcome.as_ref().ok()?;
        Some(Session::new(session.clone(), &self.view))
    }

    /// Why the session was left as it is. Empty if all went well.
    async fn user_errors(&self) -> Vec<SessionsBulkResultError> {
        let Err(refusal) = &self.outcome else { return Vec::new() };
        let (code, field) = explain(refusal);
        vec![SessionsBulkResultError::new(code, Some(field), refusal)]
    }
}

/// The reason for programs, and the field of the input where the cause is.
fn explain(refusal: &Refusal) -> (SessionsBulkResultErrorCode, &'static str) {
    use SessionsBulkResultErrorCode as Code;
    match refusal {
        Refusal::Session(refusal)
        | Refusal::Assign(SessionAssignRefusal::Session(refusal))
        | Refusal::Transfer(SessionTransferRefusal::Session(refusal))
        | Refusal::Resolve(SessionResolveRefusal::Session(refusal))
        | Refusal::Status(SessionStatusRefusal::Session(refusal))
        | Refusal::Tags(SessionTagsRefusal::Session(refusal)) => (of_session(refusal), "sessionIds"),
        Refusal::Assign(SessionAssignRefusal::TakenByAnother)
        | Refusal::Transfer(SessionTransferRefusal::TakenByAnother)
        | Refusal::Resolve(SessionResolveRefusal::NotActiveReplier)
        | Refusal::Status(SessionStatusRefusal::NotActiveReplier) => (Code::TakenByAnother, "sessionIds"),
        Refusal::Assign(SessionAssignRefusal::NoSuchAgent) | Refusal::Transfer(SessionTransferRefusal::NoSuchAgent) => {
            (Code::AgentNotFound, "agentId")
        }
        Refusal::Transfer(SessionTransferRefusal::NoSuchTeam) => (Code::TeamNotFound, "teamId"),
        Refusal::Transfer(SessionTransferRefusal::SameTarget) => (Code::SameTarget, "sessionIds"),
        Refusal::Transfer(SessionTransferRefusal::Description(DescriptionRefusal::Required)) => {
            (Code::DescriptionRequired, "description")
        }
        Refusal::Transfer(SessionTransferRefusal::Description(DescriptionRefusal::TooLong)) => {
            (Code::DescriptionTooLong, "description")
        }
        Refusal::Resolve(SessionResolveRefusal::AlreadyResolved) => (Code::AlreadyResolved, "sessionIds"),
        Refusal::Resolve(SessionResolveRefusal::Summary(_)) => (Code::SummaryTooLong, "summary"),
        Refusal::Status(SessionStatusRefusal::FollowUp(FollowUpRefusal::NoTime)) => (Code::UntilRequired, "followUp"),
        Refusal::Status(SessionStatusRefusal::FollowUp(FollowUpRefusal::Past)) => (Code::UntilPast, "followUp"),
        Refusal::Status(SessionStatusRefusal::FollowUp(FollowUpRefusal::LongNote)) => (Code::NoteTooLong, "followUp"),
        Refusal::Tags(SessionTagsRefusal::TagNotFound) => (Code::TagNotFound, "tagIds"),
        Refusal::Tags(SessionTagsRefusal::TagArchived) => (Code::TagArchived, "tagIds"),
        Refusal::Tags(SessionTagsRefusal::TooMany) => (Code::TooManyTags, "tagIds"),
        Refusal::Failed => (Code::TryAgain, "sessionIds"),
    }
}

fn of_session(refusal: &SessionRefusal) -> SessionsBulkResultErrorCode {
    match refusal {
        SessionRefusal::AlreadyClosed => SessionsBulkResultErrorCode::SessionClosed,
        SessionRefusal::NotFound
        | SessionRefusal::CustomerErased
        // No action here expects a version, and none opens a session again.
        | SessionRefusal::VersionConflict(_)
        | SessionRefusal::NotClosed
        | SessionRefusal::NewerSessionOpen => SessionsBulkResultErrorCode::SessionNotFound,
    }
}

/// A count as the schema has it.
pub(super) fn count(sessions: usize) -> i32 {
    i32::try_from(sessions).unwrap_or(i32::MAX)
}
