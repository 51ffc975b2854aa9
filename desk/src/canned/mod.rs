//! Canned replies: texts that agents have ready.

mod create;
mod delete;
mod list;
mod preview;
mod update;

pub use create::{MOST_CANNED_REPLIES, MOST_OWN_CANNED_REPLIES, NewCannedReply};
pub use preview::Preview;
pub use update::CannedReplyChange;

use domain::bot_text::BotTextRefusal;
use domain::canned::NotAShortcut;
use domain::name::NameRefusal;
use domain::placeholder::UnknownPlaceholder;
use domain::{CannedReply, ProjectId, Role};
use store::Tx;

use crate::project::StandingRefusal;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// Why a canned reply was not made, changed or taken away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannedReplyRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// There is no such canned reply, or it is somebody else's own.
    #[error("there is no such canned reply")]
    NotFound,
    /// It is shared, and the actor is an agent only.
    #[error("only supervisors and administrators of the project change shared canned replies: make one of your own")]
    NotSupervisor,
    /// It is not at the version that the actor has seen.
    #[error("the canned reply has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<CannedReply>),
    /// The shortcut cannot be taken.
    #[error(transparent)]
    Shortcut(#[from] NotAShortcut),
    /// Another one of the same owner has the shortcut.
    #[error("another canned reply has this shortcut: choose another one")]
    ShortcutTaken,
    /// The title cannot be taken.
    #[error("the title {}", .0.complaint())]
    Title(#[from] NameRefusal),
    /// The texts cannot be taken.
    #[error(transparent)]
    Texts(#[from] BotTextRefusal),
    /// There is no text.
    #[error("there is no text: give one without a language")]
    NoText,
    /// A placeholder stands for nothing.
    #[error(transparent)]
    Placeholder(#[from] UnknownPlaceholder),
    /// There are as many as there may be.
    #[error(
        "a project has at most {MOST_CANNED_REPLIES} shared canned replies, and each agent {MOST_OWN_CANNED_REPLIES} of \
         their own: take others away first"
    )]
    TooMany,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl From<StandingRefusal> for CannedReplyRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::ProjectNotFound,
            StandingRefusal::NotSupervisor => Self::NotSupervisor,
        }
    }
}

impl<E: Into<CannedReplyRefusal>> From<E> for Rejected<CannedReplyRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

/// Who may change a canned reply in a project: whoever owns it, and supervisors what is shared.
fn least_role(is_shared: bool) -> Role {
    if is_shared { Role::Supervisor } else { Role::Agent }
}

impl Desk {
    /// Begins the change of a canned reply by somebody who may. Nobody else changes those of its project until the
    /// transaction ends.
    async fn change_canned_reply(
        &self,
        actor: &Actor,
        id: domain::CannedReplyId,
    ) -> Result<(Tx, domain::Project, CannedReply), Rejected<CannedReplyRefusal>> {
        let known = self.canned_replies_by_id(actor, &[id]).await?.pop().ok_or(CannedReplyRefusal::NotFound)?;
        let least = least_role(known.owner_id.is_none());
        let (mut tx, project) = self.change_in_project(actor, known.project_id, least).await??;
        tx.lock_project(project.id).await?;
        let reply = tx.canned_replies(&[id.0]).await?.pop().ok_or(CannedReplyRefusal::NotFound)?;
        Ok((tx, project, reply))
    }

    /// Whether the actor may see a canned reply.
    async fn may_use(&self, actor: &Actor, project: ProjectId, reply: &CannedReply) -> Result<bool, Error> {
        let is_theirs = reply.owner_id.is_none_or(|owner| owner == actor.agent.id);
        Ok(is_theirs && reply.project_id == project && self.role_in(actor, project).await?.is_some())
    }
}
