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
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.audit_page(actor.agent.workspace_id, filter, page).await?;
        let total = request.total(reader.audit_count(actor.agent.workspace_id, filter)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |entry| entry.id))
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
