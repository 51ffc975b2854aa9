//! Changing the name and the colour of a tag.

use domain::audit::ObjectKind;
use domain::name::{NameRefusal, is_same_name, parse_name};
use domain::tag::{NotAColor, parse_color};
use domain::{ApiScope, Project, Role, Tag, TagId};
use serde_json::json;
use store::Tx;

use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// What is to change of a tag; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct TagChange {
    /// The name.
    pub name: Option<String>,
    /// The colour, as `#rrggbb`.
    pub color: Option<String>,
    /// The version of the tag that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a tag was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagUpdateRefusal {
    /// There is no such tag, or the actor may not know of it.
    #[error("there is no such tag")]
    NotFound,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project change its tags: ask one of them")]
    NotSupervisor,
    /// The tag is not at the version that the actor has seen.
    #[error("the tag has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Tag>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// Another tag has the name.
    #[error("another tag of the project has this name: merge this one into it, or choose another name")]
    NameTaken,
    /// The colour cannot be taken.
    #[error(transparent)]
    Color(#[from] NotAColor),
}

impl From<StandingRefusal> for TagUpdateRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::NotFound,
            StandingRefusal::NotSupervisor => Self::NotSupervisor,
        }
    }
}

impl<E: Into<TagUpdateRefusal>> From<E> for Rejected<TagUpdateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Gives a tag another name or colour. Whatever has it shows it so.
    pub async fn tag_update(
        &self,
        actor: &Actor,
        id: TagId,
        change: &TagChange,
    ) -> Result<Tag, Rejected<TagUpdateRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_tag_update(actor, id, change)).await
    }

    async fn try_tag_update(
        &self,
        actor: &Actor,
        id: TagId,
        change: &TagChange,
    ) -> Result<Tag, Rejected<TagUpdateRefusal>> {
        let Some(begun) = self.change_tag(actor, id).await? else { return Err(TagUpdateRefusal::NotFound.into()) };
        let (mut tx, project, tag) = begun?;
        if change.expected_version.is_some_and(|expected| expected != tag.version) {
            return Err(TagUpdateRefusal::VersionConflict(Box::new(tag)).into());
        }
        let name = change.name.as_deref().map(parse_name).transpose()?.unwrap_or_else(|| tag.name.clone());
        let color = change.color.as_deref().map(parse_color).transpose()?.unwrap_or_else(|| tag.color.clone());
        if (&name, &color) == (&tag.name, &tag.color) {
            return Ok(tag);
        }
        let tags = tx.tags_of_project(project.id).await?;
        let has_it = |other: &Tag| other.id != id && is_same_name(&other.name, &name);
        if name != tag.name && tags.iter().any(has_it) {
            return Err(TagUpdateRefusal::NameTaken.into());
        }
        let details = json!({ "before": [tag.name, tag.color], "after": [name, color] });
        let changed = tx.update_tag(&Tag { name, color, ..tag }).await?;
        let audited = Audited::in_project(&actor.agent, &project, "tagUpdate", (ObjectKind::Tag, id.0), self.now());
        audited.with(&details).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }

    /// Begins the change of a tag by a supervisor; nothing if there is no such tag. Nobody else changes the tags of its
    /// project until the transaction ends.
    pub(super) async fn change_tag(
        &self,
        actor: &Actor,
        id: TagId,
    ) -> Result<Option<Result<(Tx, Project, Tag), StandingRefusal>>, Error> {
        let Some(known) = self.store.read().await?.tags(&[id.0]).await?.pop() else { return Ok(None) };
        let (mut tx, project) = match self.change_in_project(actor, known.project_id, Role::Supervisor).await? {
            Ok(begun) => begun,
            Err(refusal) => return Ok(Some(Err(refusal))),
        };
        tx.lock_project(project.id).await?;
        let tag = tx.tags(&[id.0]).await?.pop();
        Ok(tag.map(|tag| Ok((tx, project, tag))))
    }
}
