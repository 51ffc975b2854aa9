//! Making, changing and deleting saved views.

use domain::audit::ObjectKind;
use domain::filter::{FilterRefusal, SessionFilter};
use domain::name::{NameRefusal, parse_name};
use domain::saved_view::MOST_VIEWS;
use domain::{AgentId, ApiScope, Project, ProjectId, Role, SavedView, SavedViewId};
use store::Tx;

use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A view to be saved.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewSavedView {
    /// The project.
    pub project_id: ProjectId,
    /// The name, which no other view of the same owner has.
    pub name: String,
    /// Which sessions it shows.
    pub filter: SessionFilter,
    /// Whether everybody in the project has it.
    pub is_shared: bool,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// What is to change of a view; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct SavedViewChange {
    /// The name.
    pub name: Option<String>,
    /// Which sessions it shows.
    pub filter: Option<SessionFilter>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a view was not made, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedViewRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such view, or the actor may not know of it.
    #[error("there is no such saved view")]
    NotFound,
    /// The view is not at the version that the actor has seen.
    #[error("the saved view has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<SavedView>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// Another view of the same owner has the name.
    #[error("another saved view has this name: change that one, or choose another name")]
    NameTaken,
    /// The filter cannot be taken.
    #[error(transparent)]
    Filter(#[from] FilterRefusal),
    /// There are [`MOST_VIEWS`].
    #[error("there are {MOST_VIEWS} saved views already: delete one of them first")]
    TooMany,
    /// The views that were listed are not all those of one owner.
    #[error("the list does not have each of the saved views once: read them again and repeat the request")]
    NotAll,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<SavedViewRefusal>> From<E> for Rejected<SavedViewRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Saves a view. Shared ones are for supervisors and administrators to make.
    pub async fn saved_view_create(
        &self,
        actor: &Actor,
        new: &NewSavedView,
    ) -> Result<SavedView, Rejected<SavedViewRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "savedViewCreate", new)??;
        retried(|| self.try_saved_view_create(actor, new, &request)).await
    }

    async fn try_saved_view_create(
        &self,
        actor: &Actor,
        new: &NewSavedView,
        request: &Request<'_>,
    ) -> Result<SavedView, Rejected<SavedViewRefusal>> {
        let owner_id = (!new.is_shared).then_some(actor.agent.id);
        let (mut tx, project) = self.change_in_project(actor, new.project_id, least_role(owner_id)).await??;
        if let Some(earlier) = request.earlier(self, &mut tx).await?? {
            return Ok(tx.saved_views(&[earlier]).await?.pop().ok_or(SavedViewRefusal::NotFound)?);
        }
        let name = parse_name(&new.name)?;
        new.filter.check()?;
        tx.lock_project(project.id).await?;
        let others = tx.saved_views_of(project.id, owner_id).await?;
        if others.len() >= MOST_VIEWS {
            return Err(SavedViewRefusal::TooMany.into());
        }
        if others.iter().any(|other| other.name == name) {
            return Err(SavedViewRefusal::NameTaken.into());
        }
        let place = others.last().map_or(0, |last| last.place + 1);
        let (filter, created_at) = (new.filter.clone(), project.time(self.now()));
        let new =
            store::saved_views::NewSavedView { project_id: project.id, owner_id, name, filter, place, created_at };
        let view = tx.insert_saved_view(&new).await?;
        self.audit_view(&mut tx, actor, &project, &view, "savedViewCreate").await?;
        request.answer(self, &mut tx, view.id.0).await?;
        self.commit(tx).await?;
        self.tallies.tell_of_views();
        Ok(view)
    }

    /// Changes a view; what is left out stays as it is.
    pub async fn saved_view_update(
        &self,
        actor: &Actor,
        id: SavedViewId,
        change: &SavedViewChange,
    ) -> Result<SavedView, Rejected<SavedViewRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_saved_view_update(actor, id, change)).await
    }

    async fn try_saved_view_update(
        &self,
        actor: &Actor,
        id: SavedViewId,
        change: &SavedViewChange,
    ) -> Result<SavedView, Rejected<SavedViewRefusal>> {
        let (mut tx, project, mut view) = self.change_view(actor, id).await?;
        if change.expected_version.is_some_and(|expected| expected != view.version) {
            return Err(SavedViewRefusal::VersionConflict(Box::new(view)).into());
        }
        if let Some(name) = &change.name {
            view.name = parse_name(name)?;
        }
        if let Some(filter) = &change.filter {
            filter.check()?;
            view.filter = filter.clone();
        }
        let others = tx.saved_views_of(project.id, view.owner_id).await?;
        if others.iter().any(|other| other.id != view.id && other.name == view.name) {
            return Err(SavedViewRefusal::NameTaken.into());
        }
        view.version += 1;
        tx.update_saved_view(&view).await?;
        self.audit_view(&mut tx, actor, &project, &view, "savedViewUpdate").await?;
        self.commit(tx).await?;
        self.tallies.tell_of_views();
        Ok(view)
    }

    /// Deletes a view. The sessions that it showed stay as they are.
    pub async fn saved_view_delete(
        &self,
        actor: &Actor,
        id: SavedViewId,
    ) -> Result<SavedViewId, Rejected<SavedViewRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_saved_view_delete(actor, id)).await
    }

    async fn try_saved_view_delete(
        &self,
        actor: &Actor,
        id: SavedViewId,
    ) -> Result<SavedViewId, Rejected<SavedViewRefusal>> {
        let (mut tx, project, view) = self.change_view(actor, id).await?;
        tx.delete_saved_view(id).await?;
        self.audit_view(&mut tx, actor, &project, &view, "savedViewDelete").await?;
        self.commit(tx).await?;
        self.tallies.tell_of_views();
        Ok(id)
    }

    /// Begins a change of a view by somebody who may change it: its owner, or if it is shared a supervisor.
    async fn change_view(
        &self,
        actor: &Actor,
        id: SavedViewId,
    ) -> Result<(Tx, Project, SavedView), Rejected<SavedViewRefusal>> {
        let known = self.saved_views_by_id(actor, &[id]).await?.pop().ok_or(SavedViewRefusal::NotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, least_role(known.owner_id)).await??;
        // What somebody else is changing must be read as they leave it.
        tx.lock_project(project.id).await?;
        let view = tx.saved_views(&[id.0]).await?.pop().ok_or(SavedViewRefusal::NotFound)?;
        Ok((tx, project, view))
    }

    /// What is done to shared views concerns others.
    pub(super) async fn audit_view(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        project: &Project,
        view: &SavedView,
        action: &'static str,
    ) -> Result<(), Error> {
        if view.owner_id.is_some() {
            return Ok(());
        }
        let object = (ObjectKind::SavedView, view.id.0);
        let audited = Audited::in_project(&actor.agent, project, action, object, self.now());
        Ok(audited.with(&serde_json::json!({ "name": view.name })).write(tx).await?)
    }
}

/// What somebody has to be in the project who changes a view with this owner.
pub(super) fn least_role(owner: Option<AgentId>) -> Role {
    if owner.is_some() { Role::Agent } else { Role::Supervisor }
}
