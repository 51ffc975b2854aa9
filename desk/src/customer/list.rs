//! Reading customers.

use domain::customer::CustomerFilter;
use domain::{ApiScope, Customer, CustomerId, ProjectId, Sight};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of those of a project's customers of whom a session goes on for the actor, the newest first. Those of whom
    /// nothing is left are in no list.
    pub async fn customers(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &CustomerFilter,
        request: PageRequest<CustomerId>,
    ) -> Result<Connection<Customer, CustomerId>, Error> {
        let sight = self.sight_of_customers(actor, project_id, filter).await?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.customer_page(project_id, &sight, filter, page).await?;
        let total = request.total(reader.customer_count(project_id, &sight, filter)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |customer| customer.id))
    }

    async fn sight_of_customers(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &CustomerFilter,
    ) -> Result<Sight, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        filter.check().map_err(|refusal| Error::InvalidArgument(refusal.to_string()))?;
        self.sight_in(actor, project_id).await?.ok_or(Error::NotFound("project"))
    }
}
