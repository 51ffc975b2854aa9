//! Closing a session.

use domain::event::Cause;
use domain::{ApiScope, CloseReason, Session, SessionId};

use super::{Premise, SessionRefusal};
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
        self.session_close_on(actor, id, Premise::Seen(expected_version)).await
    }

    /// The same where it hangs on something else.
    pub(super) async fn session_close_on(
        &self,
        actor: &Actor,
        id: SessionId,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_close(actor, id, premise)).await
    }

    async fn try_session_close(
        &self,
        actor: &Actor,
        id: SessionId,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        change.session.close(CloseReason::Agent, change.now);
        Ok(self.finish_session(change, Cause::AgentClose).await?)
    }
}
