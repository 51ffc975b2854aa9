//! The sessions that have ended for an agent.

use std::collections::HashMap;

use domain::filter::SessionKey;
use domain::{ApiScope, ProjectId, Session, SessionId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of the sessions of a project that the actor has handed over, left or lost to somebody else and has not got
    /// back, the last one first, each as they see it.
    pub async fn sessions_left(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        request: PageRequest<SessionKey>,
    ) -> Result<Connection<Session, SessionKey>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let keys = reader.left_session_page(project_id, actor.agent.id, page).await?;
        let total = request.total(reader.left_session_count(project_id, actor.agent.id)).await?;
        // The connection goes back before rights are asked for, which may take another one.
        reader.end().await?;
        let keys = Connection::new(page, keys, total, |key| *key);
        let ids: Vec<SessionId> = keys.edges.iter().map(|edge| SessionId(edge.key.id)).collect();
        let found = self.sessions_by_id(actor, &ids).await?;
        let mut found: HashMap<SessionId, Session> = found.into_iter().map(|one| (one.id, one)).collect();
        Ok(keys.filter_map(|key| found.remove(&SessionId(key.id))))
    }
}
