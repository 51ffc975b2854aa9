//! Reading diversion links.

use domain::{ApiScope, DiversionLink, DiversionLinkId, ProjectId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of a project's links, newest first.
    pub async fn diversion_links(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        request: PageRequest<DiversionLinkId>,
    ) -> Result<Connection<DiversionLink, DiversionLinkId>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.diversion_link_page(project_id, page).await?;
        let total = request.total(reader.diversion_link_count(project_id)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |link| link.id))
    }

    /// Those of the links that the actor may see, in no order.
    pub async fn diversion_links_by_id(
        &self,
        actor: &Actor,
        ids: &[DiversionLinkId],
    ) -> Result<Vec<DiversionLink>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.diversion_links(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for link in found {
            if self.role_in(actor, link.project_id).await?.is_some() {
                visible.push(link);
            }
        }
        Ok(visible)
    }
}
