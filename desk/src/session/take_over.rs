//! Taking a session over.

use domain::event::Cause;
use domain::routing::Presence;
use domain::session::{TakeOverRefusal, TransferKind, check_take_over};
use domain::{ApiScope, Role, Session, SessionId};

use super::{SessionChange, SessionRefusal};
use crate::presence::GRACE;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected, ticket};

/// Why a session was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionTakeOverRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The actor may not take it over, or not now.
    #[error(transparent)]
    TakeOver(#[from] TakeOverRefusal),
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
    /// A supervisor answers in a session from now on, or somebody who is to answer its customer by a ticket that was
    /// escalated, or who has joined it, while the agent who has it is not there. Whoever did goes on reading along if they are
    /// kept, or else it ends for them.
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
        let assignee = assignee_presence(&mut change).await?;
        let is_to_answer = is_to_answer(&mut change).await?;
        check_take_over(&change.session, actor.agent.id, change.role, assignee, is_to_answer)?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if change.session.assignee_id == Some(actor.agent.id) {
            return Ok(change.session);
        }
        let from = (change.session.assignee_id, change.session.team_id);
        change.session.take_over(actor.agent.id, keeps_previous, change.now);
        change.note_move(from, TransferKind::TakeOver).await?;
        Ok(self.finish_session(change, Cause::TakeOver).await?)
    }
}

/// Whether the agent who has the session is there. Who takes over whatever the answer is needs no look.
async fn assignee_presence(change: &mut SessionChange) -> Result<Presence, store::Error> {
    if change.role >= Role::Supervisor {
        return Ok(Presence::Offline);
    }
    let Some(assignee) = change.session.assignee_id else { return Ok(Presence::Offline) };
    let present = change.tx.present(change.project.id, change.wall - GRACE).await?;
    let is_there = present.iter().any(|one| one.agent_id == assignee);
    Ok(if is_there { Presence::Online } else { Presence::Offline })
}

/// Whether a ticket has the actor answer the customer. Who takes over whatever the answer is needs no look.
async fn is_to_answer(change: &mut SessionChange) -> Result<bool, store::Error> {
    if change.role >= Role::Supervisor {
        return Ok(false);
    }
    ticket::is_to_answer(&mut change.tx, change.agent.id, &change.session).await
}
