//! Why triggers were left as they are.

use domain::name::NameRefusal;
use domain::trigger::{MOST_TRIGGERS, ProjectTrigger, ProjectTriggerRefusal};

use crate::project::StandingRefusal;
use crate::{IdempotencyKeyRefusal, Rejected};

/// Why a trigger was not made, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TriggerRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such trigger, or the actor may not know of it.
    #[error("there is no such trigger")]
    NotFound,
    /// It is not at the version that the actor has seen.
    #[error("the trigger has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<ProjectTrigger>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// It could do nothing.
    #[error(transparent)]
    Rule(#[from] ProjectTriggerRefusal),
    /// A list is not of the project.
    #[error("there is no such list of words in this project: use one of its lists")]
    WordListNotFound,
    /// A tag is not of the project, or was put away.
    #[error("there is no such tag in this project, or it was put away: use another one")]
    TagNotFound,
    /// There are [`MOST_TRIGGERS`].
    #[error("a project has at most {MOST_TRIGGERS} triggers: remove some first")]
    TooMany,
    /// An order that is not one of all triggers.
    #[error("these are not all triggers of the project, each once: read them again")]
    NotAllOnce,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<TriggerRefusal>> From<E> for Rejected<TriggerRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}
