//! Closing a session.

use domain::event::Cause;
use domain::{ApiScope, CloseReason, Session, SessionId};

use super::{Premise, SessionRefusal};
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why a session was not closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionCloseRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The session has an agent, and the actor is neither that one nor a supervisor.
    #[error("another agent answers in this session: ask them or a supervisor")]
    NotActiveReplier,
}

impl<E: Into<SessionCloseRefusal>> From<E> for Rejected<SessionCloseRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Closes a session.
    pub async fn session_close(
        &self,
        actor: &Actor,
        id: SessionId,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionCloseRefusal>> {
        self.session_close_on(actor, id, Premise::Seen(expected_version)).await
    }

    /// The same where it hangs on something else.
    pub(super) async fn session_close_on(
        &self,
        actor: &Actor,
        id: SessionId,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionCloseRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_close(actor, id, premise)).await
    }

    async fn try_session_close(
        &self,
        actor: &Actor,
        id: SessionId,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionCloseRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await.map_err(Rejected::widened)?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if !change.may_answer_for() {
            return Err(SessionCloseRefusal::NotActiveReplier.into());
        }
        change.session.close(CloseReason::Agent, change.now);
        Ok(self.finish_session(change, Cause::AgentClose).await?)
    }
}
