//! Opening a closed session again.

use domain::event::Cause;
use domain::{ApiScope, Session, SessionId};

use super::{SessionChange, SessionRefusal, schedule_idle_close, take_up_again};
use crate::retry::retried;
use crate::routing::mark_for_routing;
use crate::{Actor, Desk, Rejected, sla, todo, trigger};

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
        check_reopening(&mut change).await??;
        take_up_again(&mut change.tx, &change.project, &mut change.session, change.wall).await?;
        todo::cancel_return_visits(&mut change.tx, &change.project, &[id], change.wall).await?;
        let before = sla::Before::of(&change.session);
        change.session.reopen(change.now);
        sla::session_stands(&mut change.tx, &change.project, &change.session, before, change.now).await?;
        trigger::session_stands(&mut change.tx, &change.project, &change.session, true, change.wall).await?;
        mark_for_routing(&mut change.tx, &change.project, &mut change.session, change.wall).await?;
        let life = change.project.session_life;
        schedule_idle_close(&mut change.tx, &change.session, life, change.now, change.wall).await?;
        Ok(self.finish_session(change, Cause::AgentReopen).await?)
    }
}

/// Refuses to open a closed session again whose customer has another one that is open or was erased. The newest one was
/// locked before it.
pub(crate) async fn check_reopening(change: &mut SessionChange) -> Result<Result<(), SessionRefusal>, store::Error> {
    let customers = change.tx.customers(&[change.session.customer_id.0]).await?;
    if customers.first().is_some_and(|customer| customer.erased_at.is_some()) {
        return Ok(Err(SessionRefusal::CustomerErased));
    }
    let open = change.tx.lock_open_sessions(&[change.session.customer_id]).await?;
    Ok(if open.is_empty() { Ok(()) } else { Err(SessionRefusal::NewerSessionOpen) })
}
