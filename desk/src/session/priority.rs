//! Saying how pressing a session is.

use domain::event::Cause;
use domain::{ApiScope, Priority, Session, SessionId};

use super::{Premise, SessionRefusal};
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Gives an open session another priority.
    pub async fn session_priority_update(
        &self,
        actor: &Actor,
        id: SessionId,
        priority: Priority,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        self.session_priority_update_on(actor, id, priority, Premise::Seen(expected_version)).await
    }

    /// The same where it hangs on something else.
    pub(super) async fn session_priority_update_on(
        &self,
        actor: &Actor,
        id: SessionId,
        priority: Priority,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_priority_update(actor, id, priority, premise)).await
    }

    async fn try_session_priority_update(
        &self,
        actor: &Actor,
        id: SessionId,
        priority: Priority,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if change.session.priority == priority {
            return Ok(change.session);
        }
        change.session.priority = priority;
        Ok(self.finish_session(change, Cause::Priority).await?)
    }
}
