//! Putting a tag away, and taking it out again.

use domain::audit::ObjectKind;
use domain::{ApiScope, Tag, TagId};

use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why a tag was not put away or taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagArchiveRefusal {
    /// There is no such tag, or the actor may not know of it.
    #[error("there is no such tag")]
    NotFound,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project put tags away: ask one of them")]
    NotSupervisor,
}

impl From<StandingRefusal> for TagArchiveRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::NotFound,
            StandingRefusal::NotSupervisor => Self::NotSupervisor,
        }
    }
}

impl<E: Into<TagArchiveRefusal>> From<E> for Rejected<TagArchiveRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Puts a tag away: what has it keeps it, and nothing else gets it. One that is put away stays so.
    pub async fn tag_archive(&self, actor: &Actor, id: TagId) -> Result<Tag, Rejected<TagArchiveRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_tag_archive(actor, id, true)).await
    }

    /// Takes a tag out again that was put away or that another one took the place of.
    pub async fn tag_restore(&self, actor: &Actor, id: TagId) -> Result<Tag, Rejected<TagArchiveRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_tag_archive(actor, id, false)).await
    }

    async fn try_tag_archive(
        &self,
        actor: &Actor,
        id: TagId,
        archived: bool,
    ) -> Result<Tag, Rejected<TagArchiveRefusal>> {
        let Some(begun) = self.change_tag(actor, id).await? else { return Err(TagArchiveRefusal::NotFound.into()) };
        let (mut tx, project, tag) = begun?;
        if tag.archived_at.is_some() == archived {
            return Ok(tag);
        }
        let archived_at = archived.then(|| project.time(self.now()));
        let changed = tx.update_tag(&Tag { archived_at, merged_into: None, ..tag }).await?;
        let action = if archived { "tagArchive" } else { "tagRestore" };
        Audited::in_project(&actor.agent, &project, action, (ObjectKind::Tag, id.0), self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}
