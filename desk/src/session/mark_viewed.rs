//! Looking at a session.

use domain::event::Cause;
use domain::{ApiScope, Session, SessionId};

use super::SessionRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// The actor has seen every message of a session that there is now.
    pub async fn session_mark_viewed(&self, actor: &Actor, id: SessionId) -> Result<Session, Rejected<SessionRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_mark_viewed(actor, id)).await
    }

    async fn try_session_mark_viewed(&self, actor: &Actor, id: SessionId) -> Result<Session, Rejected<SessionRefusal>> {
        let mut change = self.change_session(actor, id, None).await?;
        change.tx.mark_seen(id, actor.agent.id, change.session.inbound_count).await?;
        if change.session.viewed_by(actor.agent.id) {
            return Ok(self.finish_session(change, Cause::Viewed).await?);
        }
        self.commit(change.tx).await?;
        Ok(change.session)
    }
}
