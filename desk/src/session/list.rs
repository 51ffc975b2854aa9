//! Reading sessions.

use domain::filter::{SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::{ApiScope, Customer, ProjectId, Session, SessionId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// One session, if the actor may see it.
    pub async fn session(&self, actor: &Actor, id: SessionId) -> Result<Option<Session>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let Some(session) = self.store.read().await?.session(id).await? else { return Ok(None) };
        Ok(self.role_in(actor, session.project_id).await?.map(|_| session))
    }

    /// Those of the sessions that the actor may see, in no order.
    pub async fn sessions_by_id(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<Session>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.sessions(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for session in found {
            if self.role_in(actor, session.project_id).await?.is_some() {
                visible.push(session);
            }
        }
        Ok(visible)
    }

    /// A page of a project's sessions.
    pub async fn sessions(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &SessionFilter,
        order: SessionOrder,
        request: PageRequest<SessionKey>,
    ) -> Result<Connection<Session, SessionKey>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        check(filter)?;
        let page = request.page()?;
        let rows = self.store.read().await?.session_page(project_id, filter, order, page).await?;
        Ok(Connection::new(page, rows, |session| key(session, order)))
    }

    /// How many of a project's sessions a filter lets through.
    pub async fn session_count(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &SessionFilter,
    ) -> Result<i64, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        check(filter)?;
        Ok(self.store.read().await?.session_count(project_id, filter).await?)
    }

    /// A page of the sessions of a customer that the actor may see, newest first.
    pub async fn sessions_of_customer(
        &self,
        actor: &Actor,
        customer: &Customer,
        request: PageRequest<SessionId>,
    ) -> Result<Connection<Session, SessionId>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, customer.project_id).await?.ok_or(Error::NotFound("customer"))?;
        let page = request.page()?;
        let rows = self.store.read().await?.customer_session_page(customer.id, page).await?;
        Ok(Connection::new(page, rows, |session| session.id))
    }

    /// How many sessions a customer has that the actor may see.
    pub async fn session_count_of_customer(&self, actor: &Actor, customer: &Customer) -> Result<i64, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, customer.project_id).await?.ok_or(Error::NotFound("customer"))?;
        Ok(self.store.read().await?.customer_session_count(customer.id).await?)
    }

    /// How many inbound messages of each session the actor has seen; none of those left out.
    pub async fn seen_in(&self, actor: &Actor, sessions: &[SessionId]) -> Result<Vec<(SessionId, i64)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        Ok(self.store.read().await?.seen(actor.agent.id, &ids).await?)
    }
}

fn check(filter: &SessionFilter) -> Result<(), Error> {
    filter.check().map_err(|refusal| Error::InvalidArgument(refusal.to_string()))
}

fn key(session: &Session, order: SessionOrder) -> SessionKey {
    let time = match order.field {
        SessionOrderField::LastMessageAt => session.last_message_at,
        SessionOrderField::CreatedAt => session.created_at,
    };
    SessionKey { micros: time.timestamp_micros(), id: session.id.0 }
}
