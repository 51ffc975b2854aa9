//! Closing a session.

use domain::event::Cause;
use domain::{ApiScope, CloseReason, Session, SessionId};

use super::SessionRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Closes a session.
    pub async fn session_close(
        &self,
        actor: &Actor,
        id: SessionId,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_close(actor, id, expected_version)).await
    }

    async fn try_session_close(
        &self,
        actor: &Actor,
        id: SessionId,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        let mut change = self.change_session(actor, id, expected_version).await?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        change.session.close(CloseReason::Agent, change.now);
        Ok(self.finish_session(change, Cause::AgentClose).await?)
    }
}
