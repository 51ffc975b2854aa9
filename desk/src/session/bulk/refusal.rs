//! Why one session of many was left as it is.

use domain::named_enum;
use domain::session::{DescriptionRefusal, FollowUpRefusal};

use crate::session::{
    SessionAssignRefusal, SessionCloseRefusal, SessionRefusal, SessionResolveRefusal, SessionStatusRefusal,
    SessionTransferRefusal,
};
use crate::tag::SessionTagsRefusal;

/// Why one of the sessions was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum BulkRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// As for assigning one.
    #[error(transparent)]
    Assign(#[from] SessionAssignRefusal),
    /// As for handing one over.
    #[error(transparent)]
    Transfer(#[from] SessionTransferRefusal),
    /// As for closing one.
    #[error(transparent)]
    Close(#[from] SessionCloseRefusal),
    /// As for resolving one.
    #[error(transparent)]
    Resolve(#[from] SessionResolveRefusal),
    /// As for saying where one stands.
    #[error(transparent)]
    Status(#[from] SessionStatusRefusal),
    /// As for tagging one.
    #[error(transparent)]
    Tags(#[from] SessionTagsRefusal),
    /// It could not be done at this moment.
    #[error("this could not be done at this moment: try it again")]
    Failed,
}

named_enum! {
    /// The same in one word, by which it is kept.
    pub enum BulkReason {
        /// There is no such session, or it goes on for others.
        SessionNotFound = "SESSION_NOT_FOUND",
        /// The session is closed.
        SessionClosed = "SESSION_CLOSED",
        /// Another agent has the session.
        TakenByAnother = "TAKEN_BY_ANOTHER",
        /// The agent does not work in the project.
        AgentNotFound = "AGENT_NOT_FOUND",
        /// The project has no such team.
        TeamNotFound = "TEAM_NOT_FOUND",
        /// The session is there already.
        SameTarget = "SAME_TARGET",
        /// The description is empty.
        DescriptionRequired = "DESCRIPTION_REQUIRED",
        /// The description is too long.
        DescriptionTooLong = "DESCRIPTION_TOO_LONG",
        /// The session is resolved already.
        AlreadyResolved = "ALREADY_RESOLVED",
        /// The summary is too long.
        SummaryTooLong = "SUMMARY_TOO_LONG",
        /// A promise needs its time.
        UntilRequired = "UNTIL_REQUIRED",
        /// The time has passed.
        UntilPast = "UNTIL_PAST",
        /// The time of the follow-up is too far away.
        UntilTooFar = "UNTIL_TOO_FAR",
        /// The note is too long.
        NoteTooLong = "NOTE_TOO_LONG",
        /// The project has no such tag.
        TagNotFound = "TAG_NOT_FOUND",
        /// The tag was put away.
        TagArchived = "TAG_ARCHIVED",
        /// The session would have too many tags.
        TooManyTags = "TOO_MANY_TAGS",
        /// It could not be done at this moment.
        TryAgain = "TRY_AGAIN",
    }
}

impl BulkRefusal {
    /// The reason in one word.
    pub(super) fn reason(&self) -> BulkReason {
        use BulkReason as Reason;
        match self {
            Self::Session(refusal)
            | Self::Assign(SessionAssignRefusal::Session(refusal))
            | Self::Transfer(SessionTransferRefusal::Session(refusal))
            | Self::Close(SessionCloseRefusal::Session(refusal))
            | Self::Resolve(SessionResolveRefusal::Session(refusal))
            | Self::Status(SessionStatusRefusal::Session(refusal))
            | Self::Tags(SessionTagsRefusal::Session(refusal)) => of_session(refusal),
            Self::Assign(SessionAssignRefusal::TakenByAnother)
            | Self::Transfer(SessionTransferRefusal::TakenByAnother)
            | Self::Close(SessionCloseRefusal::NotActiveReplier)
            | Self::Resolve(SessionResolveRefusal::NotActiveReplier)
            | Self::Status(SessionStatusRefusal::NotActiveReplier) => Reason::TakenByAnother,
            Self::Assign(SessionAssignRefusal::NoSuchAgent) | Self::Transfer(SessionTransferRefusal::NoSuchAgent) => {
                Reason::AgentNotFound
            }
            Self::Transfer(SessionTransferRefusal::NoSuchTeam) => Reason::TeamNotFound,
            Self::Transfer(SessionTransferRefusal::SameTarget) => Reason::SameTarget,
            Self::Transfer(SessionTransferRefusal::Description(DescriptionRefusal::Required)) => {
                Reason::DescriptionRequired
            }
            Self::Transfer(SessionTransferRefusal::Description(DescriptionRefusal::TooLong)) => {
                Reason::DescriptionTooLong
            }
            Self::Resolve(SessionResolveRefusal::AlreadyResolved) => Reason::AlreadyResolved,
            Self::Resolve(SessionResolveRefusal::Summary(_)) => Reason::SummaryTooLong,
            Self::Status(SessionStatusRefusal::FollowUp(FollowUpRefusal::NoTime)) => Reason::UntilRequired,
            Self::Status(SessionStatusRefusal::FollowUp(FollowUpRefusal::Past)) => Reason::UntilPast,
            Self::Status(SessionStatusRefusal::FollowUp(FollowUpRefusal::TooFar)) => Reason::UntilTooFar,
            Self::Status(SessionStatusRefusal::FollowUp(FollowUpRefusal::LongNote)) => Reason::NoteTooLong,
            Self::Tags(SessionTagsRefusal::TagNotFound) => Reason::TagNotFound,
            Self::Tags(SessionTagsRefusal::TagArchived) => Reason::TagArchived,
            Self::Tags(SessionTagsRefusal::TooMany) => Reason::TooManyTags,
            Self::Failed => Reason::TryAgain,
        }
    }
}

fn of_session(refusal: &SessionRefusal) -> BulkReason {
    match refusal {
        SessionRefusal::AlreadyClosed => BulkReason::SessionClosed,
        SessionRefusal::NotFound
        | SessionRefusal::CustomerErased
        // No action here expects a version, and none opens a session again.
        | SessionRefusal::VersionConflict(_)
        | SessionRefusal::NotClosed
        | SessionRefusal::NewerSessionOpen => BulkReason::SessionNotFound,
    }
}
