//! Making tags.

use domain::audit::ObjectKind;
use domain::name::{NameRefusal, is_same_name, parse_name};
use domain::tag::{NotAColor, parse_color};
use domain::{ApiScope, ProjectId, Role, Tag};
use serde_json::json;

use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// How many tags a project has at most.
pub const MOST_TAGS: usize = 500;

/// A tag to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewTag {
    /// The project.
    pub project_id: ProjectId,
    /// The name, which no other tag of the project has.
    pub name: String,
    /// The colour, as `#rrggbb`.
    pub color: String,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

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
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<TagRefusal>> From<E> for Rejected<TagRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes a tag.
    pub async fn tag_create(&self, actor: &Actor, new: &NewTag) -> Result<Tag, Rejected<TagRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "tagCreate", new)??;
        retried(|| self.try_tag_create(actor, new, &request)).await
    }

    async fn try_tag_create(
        &self,
        actor: &Actor,
        new: &NewTag,
        request: &Request<'_>,
    ) -> Result<Tag, Rejected<TagRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
        // Whoever makes another one meanwhile must not find the same room.
        tx.lock_project(project.id).await?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut tx).await?? {
            return Ok(tx.tags(&[earlier]).await?.pop().ok_or(Error::NotFound("tag"))?);
        }
        let (name, color) = (parse_name(&new.name)?, parse_color(&new.color)?);
        let tags = tx.tags_of_project(project.id).await?;
        if tags.iter().filter(|tag| tag.archived_at.is_none()).count() >= MOST_TAGS {
            return Err(TagRefusal::TooMany.into());
        }
        if tags.iter().any(|tag| is_same_name(&tag.name, &name)) {
            return Err(TagRefusal::NameTaken.into());
        }
        let new = store::people::NewTag { project_id: project.id, name, color, created_at: project.time(self.now()) };
        let tag = tx.insert_tag(&new).await?;
        request.answer(self, &mut tx, tag.id.0).await?;
        let audited = Audited::in_project(&actor.agent, &project, "tagCreate", (ObjectKind::Tag, tag.id.0), self.now());
        audited.with(&json!({ "name": tag.name })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(tag)
    }
}
