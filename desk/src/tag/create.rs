//! Making tags.

use domain::name::{NameRefusal, parse_name};
use domain::tag::{NotAColor, parse_color};
use domain::{ApiScope, ProjectId, Role, Tag};
use store::people::NewTag;

use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// How many tags a project has at most.
pub const MOST_TAGS: usize = 500;

/// Why a tag was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// Another tag has the name.
    #[error("another tag of the project has this name: use that one, or choose another name")]
    NameTaken,
    /// The colour cannot be taken.
    #[error(transparent)]
    Color(#[from] NotAColor),
    /// There are [`MOST_TAGS`].
    #[error("a project has at most {MOST_TAGS} tags: use one of those that are there")]
    TooMany,
}

impl<E: Into<TagRefusal>> From<E> for Rejected<TagRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes a tag.
    pub async fn tag_create(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        name: &str,
        color: &str,
    ) -> Result<Tag, Rejected<TagRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_tag_create(actor, project_id, name, color)).await
    }

    async fn try_tag_create(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        name: &str,
        color: &str,
    ) -> Result<Tag, Rejected<TagRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        let (name, color) = (parse_name(name)?, parse_color(color)?);
        let tags = tx.tags_of_project(project.id).await?;
        if tags.len() >= MOST_TAGS {
            return Err(TagRefusal::TooMany.into());
        }
        if tags.iter().any(|tag| tag.name == name) {
            return Err(TagRefusal::NameTaken.into());
        }
        let new = NewTag { project_id: project.id, name, color, created_at: self.now() };
        let tag = tx.insert_tag(&new).await?;
        self.commit(tx).await?;
        Ok(tag)
    }
}
