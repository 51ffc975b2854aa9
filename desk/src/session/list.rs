//! Reading sessions.

use domain::filter::{SessionFilter, SessionKey, SessionOrder};
use domain::{ApiScope, Customer, ProjectId, Session, SessionId, Sight};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// One session, if the actor may see it; one that has ended for them as it was then.
    pub async fn session(&self, actor: &Actor, id: SessionId) -> Result<Option<Session>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let Some(session) = self.store.read().await?.session(id).await? else { return Ok(None) };
        Ok(self.visible_sessions(actor, vec![session]).await?.pop())
    }

    /// Those of the sessions that the actor may see, in no order.
    pub async fn sessions_by_id(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<Session>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.sessions(&ids).await?;
        self.visible_sessions(actor, found).await
    }

    /// A page of those of a project's sessions that go on for the actor.
    pub async fn sessions(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &SessionFilter,
        order: SessionOrder,
        request: PageRequest<SessionKey>,
    ) -> Result<Connection<Session, SessionKey>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let filter = self.filter_of(actor, project_id, filter).await?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.session_page(project_id, &filter, order, page).await?;
        let total = request.total(reader.session_count(project_id, &filter)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |session| SessionKey::of(session, order.field)))
    }

    /// The filter as it is for the actor, within their sight of a project.
    pub(crate) async fn filter_of(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &SessionFilter,
    ) -> Result<SessionFilter, Error> {
        let sight = self.sight_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        check(filter)?;
        Ok(within(sight, filter.asked_by(actor.agent.id)))
    }

    /// A page of the sessions of a customer that the actor may see, newest first.
    pub async fn sessions_of_customer(
        &self,
        actor: &Actor,
        customer: &Customer,
        request: PageRequest<SessionId>,
    ) -> Result<Connection<Session, SessionId>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let sight = self.sight_in(actor, customer.project_id).await?.ok_or(Error::NotFound("customer"))?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.customer_session_page(customer.id, &sight, page).await?;
        let total = request.total(reader.customer_session_count(customer.id, &sight)).await?;
        // The connection goes back before rights are asked for, which may take another one.
        reader.end().await?;
        let rows = self.visible_sessions(actor, rows).await?;
        Ok(Connection::new(page, rows, total, |session| session.id))
    }

    /// How many inbound messages of each session the actor has seen; none of those left out.
    pub async fn seen_in(&self, actor: &Actor, sessions: &[SessionId]) -> Result<Vec<(SessionId, i64)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        Ok(self.store.read().await?.seen(actor.agent.id, &ids).await?)
    }
}

/// The filter within somebody's sight. For who sees everything it is the same.
fn within(sight: Sight, filter: SessionFilter) -> SessionFilter {
    match sight {
        Sight::Everything => filter,
        own @ Sight::Own { .. } => SessionFilter::All(vec![SessionFilter::VisibleTo(own), filter]),
    }
}

fn check(filter: &SessionFilter) -> Result<(), Error> {
    filter.check().map_err(|refusal| Error::InvalidArgument(refusal.to_string()))
}
