//! The raw updates of a project, for those who look after it.

use domain::audit::ObjectKind;
use domain::{ApiScope, ProjectId, Role, UpdateRowId};
use serde_json::json;
pub use store::inbox::{KeptUpdate, Place, Shelf, UpdateState};

use crate::audit::Audited;
use crate::{Actor, Connection, Desk, Error, PageRequest, Rejected};

/// Why an update is not worked off again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UpdateRetryRefusal {
    /// There is no such update, or the actor may not know of it.
    #[error("there is no such update")]
    NotFound,
    /// The actor does not look after the project.
    #[error("only administrators and supervisors of the project let updates in: ask one of them")]
    NotSupervisor,
    /// It waits for its turn, or has been worked off.
    #[error("only an update that failed or was shelved can be tried again: look at its `state`")]
    NotSetAside,
}

impl From<UpdateRetryRefusal> for Rejected<UpdateRetryRefusal> {
    fn from(refusal: UpdateRetryRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Whether a role is to look after a project, which includes what nobody was meant to read in raw.
fn looks_after(role: Role) -> bool {
    matches!(role, Role::Admin | Role::Supervisor)
}

impl Desk {
    /// A project's updates in a state, or all of them, newest first by Telegram's numbers. For administrators and
    /// supervisors.
    pub async fn telegram_updates(
        &self,
        actor: &Actor,
        project: ProjectId,
        state: Option<UpdateState>,
        request: PageRequest<Place>,
    ) -> Result<Connection<KeptUpdate, Place>, Error> {
        self.may_look_at_updates(actor, project).await?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let updates = reader.update_page(project, state, page).await?;
        let total = request.total(reader.update_count(project, state)).await?;
        reader.end().await?;
        Ok(Connection::new(page, updates, total, |update| update.place))
    }

    /// Those of the updates that the actor may see, in no order.
    pub async fn telegram_updates_by_id(&self, actor: &Actor, ids: &[UpdateRowId]) -> Result<Vec<KeptUpdate>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.updates(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for update in found {
            if self.role_in(actor, update.project_id).await?.is_some_and(looks_after) {
                visible.push(update);
            }
        }
        Ok(visible)
    }

    /// Has an update that failed or was shelved worked off again, this time whoever it is from.
    pub async fn telegram_update_retry(
        &self,
        actor: &Actor,
        id: UpdateRowId,
    ) -> Result<KeptUpdate, Rejected<UpdateRetryRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let mut tx = self.store.begin().await?;
        let update = tx.updates(&[id.0]).await?.pop().ok_or(UpdateRetryRefusal::NotFound)?;
        let project = tx.project(update.project_id).await?.ok_or(Error::NotFound("project"))?;
        let role = actor.role_in(project.id, project.workspace_id).ok_or(UpdateRetryRefusal::NotFound)?;
        if !looks_after(role) {
            return Err(UpdateRetryRefusal::NotSupervisor.into());
        }
        if !tx.retry_update(id, self.now()).await? {
            return Err(UpdateRetryRefusal::NotSetAside.into());
        }
        let update = tx.updates(&[id.0]).await?.pop().ok_or(UpdateRetryRefusal::NotFound)?;
        let object = (ObjectKind::Project, project.id.0);
        let audited = Audited::in_project(&actor.agent, &project, "telegramUpdateRetry", object, self.now());
        audited.with(&json!({ "telegramUpdate": id })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(update)
    }

    async fn may_look_at_updates(&self, actor: &Actor, project: ProjectId) -> Result<(), Error> {
        actor.needs(ApiScope::SessionsRead)?;
        match self.role_in(actor, project).await? {
            Some(role) if looks_after(role) => Ok(()),
            Some(_) => Err(Error::Forbidden),
            None => Err(Error::NotFound("project")),
        }
    }
}
