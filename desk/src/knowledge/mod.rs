//! Knowledge: what the bot answers by itself.

mod answer;
mod create;
mod erase;
mod feedback;
mod guides;
mod list;
mod update;

pub(crate) use answer::{Question, answer};
pub use create::NewKnowledgeEntry;
pub(crate) use erase::erase_knowledge;
pub(crate) use feedback::take_feedback;
pub(crate) use guides::Guides;
pub use list::KnowledgeList;
pub use update::KnowledgeEntryChange;

use domain::KnowledgeEntry;
use domain::knowledge::{KnowledgeContentRefusal, MOST_ENTRIES};

use crate::project::StandingRefusal;
use crate::{IdempotencyKeyRefusal, Rejected};

/// Why a knowledge entry was not made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeEntryRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// There is no such session in the project, the actor may not know of it, or it is not that of the ticket.
    #[error("there is no such session in this project, or it is not that of the ticket")]
    SessionNotFound,
    /// The session is not resolved, so that nobody knows whether the answer is right.
    #[error("the session is not resolved: resolve it first, or give the question yourself")]
    NotResolved,
    /// There is no such ticket in the project, or the actor may not know of it.
    #[error("there is no such ticket in this project")]
    TicketNotFound,
    /// The ticket is not resolved, so that nobody knows whether the answer is right.
    #[error("the ticket is not resolved: resolve it first, or give the question yourself")]
    TicketNotResolved,
    /// There is no such entry, or the actor may not know of it.
    #[error("there is no such knowledge entry")]
    NotFound,
    /// The actor is an agent only, and has nothing to do with the ticket.
    #[error(
        "only supervisors and administrators of the project change what the bot answers, and agents add what comes of \
         tickets of theirs: ask one of them"
    )]
    NotSupervisor,
    /// It is not at the version that the actor has seen.
    #[error("the entry has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<KnowledgeEntry>),
    /// It cannot be taken.
    #[error(transparent)]
    Content(#[from] KnowledgeContentRefusal),
    /// There are as many as there may be.
    #[error("a project has at most {MOST_ENTRIES} knowledge entries: reword one that nobody needs any more")]
    TooMany,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl From<StandingRefusal> for KnowledgeEntryRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::ProjectNotFound,
            StandingRefusal::NotSupervisor => Self::NotSupervisor,
        }
    }
}

impl<E: Into<KnowledgeEntryRefusal>> From<E> for Rejected<KnowledgeEntryRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}
