//! Taking a session over.

use domain::event::Cause;
use domain::{ApiScope, Role, Session, SessionId};

use super::SessionRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why a session was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionTakeOverRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The actor is neither a supervisor nor an administrator of the project.
    #[error("supervisors take sessions over: ask one, or the agent who has it to hand it over")]
    NotSupervisor,
}

impl<E: Into<SessionTakeOverRefusal>> From<E> for Rejected<SessionTakeOverRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Rejected<SessionRefusal>> for Rejected<SessionTakeOverRefusal> {
    fn from(rejected: Rejected<SessionRefusal>) -> Self {
        match rejected {
            Rejected::Refused(refusal) => Self::Refused(refusal.into()),
            Rejected::Failed(error) => Self::Failed(error),
        }
    }
}

impl Desk {
    /// A supervisor answers in a session from now on. Whoever did goes on reading along if they are kept, or else it ends
    /// for them.
    pub async fn session_take_over(
        &self,
        actor: &Actor,
        id: SessionId,
        keeps_previous: bool,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionTakeOverRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_take_over(actor, id, keeps_previous, expected_version)).await
    }

    async fn try_session_take_over(
        &self,
        actor: &Actor,
        id: SessionId,
        keeps_previous: bool,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionTakeOverRefusal>> {
        let mut change = self.change_session(actor, id, expected_version).await?;
        if change.role < Role::Supervisor {
            return Err(SessionTakeOverRefusal::NotSupervisor.into());
        }
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if change.session.assignee_id == Some(actor.agent.id) {
            return Ok(change.session);
        }
        change.session.take_over(actor.agent.id, keeps_previous, change.now);
        Ok(self.finish_session(change, Cause::TakeOver).await?)
    }
}
