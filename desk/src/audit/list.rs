//! Reading the audit log.

use domain::audit::{Entry, EntryFilter};
use domain::{ApiScope, Role};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of the audit log, newest first: of a project for its supervisors and administrators, of everything for
    /// administrators of the workspace.
    pub async fn audit_entries(
        &self,
        actor: &Actor,
        filter: &EntryFilter,
        request: PageRequest<i64>,
    ) -> Result<Connection<Entry, i64>, Error> {
        self.check_auditor(actor, filter).await?;
        let page = request.page()?;
        let rows = self.store.read().await?.audit_page(actor.agent.workspace_id, filter, page).await?;
        Ok(Connection::new(page, rows, |entry| entry.id))
    }

    /// How many entries of the audit log a filter lets through.
    pub async fn audit_entry_count(&self, actor: &Actor, filter: &EntryFilter) -> Result<i64, Error> {
        self.check_auditor(actor, filter).await?;
        Ok(self.store.read().await?.audit_count(actor.agent.workspace_id, filter).await?)
    }

    async fn check_auditor(&self, actor: &Actor, filter: &EntryFilter) -> Result<(), Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        match filter.project_id {
            None if actor.is_workspace_admin() => Ok(()),
            None => Err(Error::Forbidden),
            Some(project) => match self.role_in(actor, project).await? {
                None => Err(Error::NotFound("project")),
                Some(role) if role < Role::Supervisor => Err(Error::Forbidden),
                Some(_) => Ok(()),
            },
        }
    }
}
