//! Looking at a session.

use domain::event::Cause;
use domain::{ApiScope, EventKind, Session, SessionId};

use super::{SessionRefusal, session_event};
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
        let seen = change.tx.seen(actor.agent.id, &[id.0]).await?.first().map_or(0, |(_, count)| *count);
        let has_news = seen < change.session.inbound_count;
        change.tx.mark_seen(id, actor.agent.id, change.session.inbound_count).await?;
        if change.session.viewed_by(actor.agent.id) {
            return Ok(self.finish_session(change, Cause::Viewed).await?);
        }
        if has_news {
            // What is unread is no part of the session, whose version stays, but the agent's other consoles show it too.
            let event = session_event(&change.session, EventKind::SessionUpdated, Cause::Viewed, change.now);
            change.tx.append_events(&[event], change.wall).await?;
        }
        self.commit(change.tx).await?;
        Ok(change.session)
    }
}
