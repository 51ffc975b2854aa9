//! What the customer of a session asked about before.

use domain::filter::Page;
use domain::{ApiScope, Session, SessionId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of the sessions that the customer of a session had before it and that the actor may read, newest first.
    /// Whoever sees a session reads the history behind it; one that has ended for them, what was over by then.
    pub async fn earlier_sessions(
        &self,
        actor: &Actor,
        session: &Session,
        request: PageRequest<SessionId>,
    ) -> Result<Connection<Session, SessionId>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let sight = self.sight_in(actor, session.project_id).await?.ok_or(Error::NotFound("session"))?;
        let page = request.page()?;
        let before_it = Page { after: Some(page.after.map_or(session.id, |after| after.min(session.id))), ..page };
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.customer_session_page(session.customer_id, &sight, before_it).await?;
        let total = request.total(reader.earlier_session_count(session.customer_id, &sight, session.id)).await?;
        // The connection goes back before rights are asked for, which may take another one.
        reader.end().await?;
        let rows = self.visible_sessions(actor, rows).await?;
        Ok(Connection::new(page, rows, total, |session| session.id))
    }
}
