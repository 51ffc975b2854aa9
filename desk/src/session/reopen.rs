//! Opening a closed session again.

use domain::event::Cause;
use domain::{ApiScope, Session, SessionId};

use super::{SessionRefusal, forget_the_gone, schedule_idle_close};
use crate::retry::retried;
use crate::routing::mark_for_routing;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Opens a closed session again, unless its customer has another one that is open or was erased.
    pub async fn session_reopen(
        &self,
        actor: &Actor,
        id: SessionId,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_reopen(actor, id, expected_version)).await
    }

    async fn try_session_reopen(
        &self,
        actor: &Actor,
        id: SessionId,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        let mut change = self.change_old_session(actor, id, expected_version).await?;
        if change.session.is_open() {
            return Err(SessionRefusal::NotClosed.into());
        }
        let customers = change.tx.customers(&[change.session.customer_id.0]).await?;
        if customers.first().is_some_and(|customer| customer.erased_at.is_some()) {
            return Err(SessionRefusal::CustomerErased.into());
        }
        if !change.tx.lock_open_sessions(&[change.session.customer_id]).await?.is_empty() {
            return Err(SessionRefusal::NewerSessionOpen.into());
        }
        forget_the_gone(&mut change.tx, &change.project, &mut change.session, change.wall).await?;
        change.session.reopen(change.now);
        mark_for_routing(&mut change.tx, &change.project, &mut change.session, change.wall).await?;
        let life = change.project.session_life;
        schedule_idle_close(&mut change.tx, &change.session, life, change.now, change.wall).await?;
        Ok(self.finish_session(change, Cause::AgentReopen).await?)
    }
}
