//! Choosing who answers.

use domain::event::Cause;
use domain::session::TransferKind;
use domain::{AgentId, ApiScope, Session, SessionId};

use super::{Premise, SessionRefusal};
use crate::agent::member;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why a session was not assigned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionAssignRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The agent is unknown, not active, or has no role in the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    NoSuchAgent,
    /// The session has an agent, and the actor is neither that one nor a supervisor.
    #[error("another agent has this session: ask them or a supervisor to hand it over")]
    TakenByAnother,
}

impl Desk {
    /// Assigns a session to an agent, or to nobody. Agents take sessions that nobody has and
    /// hand on their own; supervisors assign every session.
    pub async fn session_assign(
        &self,
        actor: &Actor,
        id: SessionId,
        assignee: Option<AgentId>,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionAssignRefusal>> {
        self.session_assign_on(actor, id, assignee, Premise::Seen(expected_version)).await
    }

    /// The same where it hangs on something else.
    pub(super) async fn session_assign_on(
        &self,
        actor: &Actor,
        id: SessionId,
        assignee: Option<AgentId>,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionAssignRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_assign(actor, id, assignee, premise)).await
    }

    async fn try_session_assign(
        &self,
        actor: &Actor,
        id: SessionId,
        assignee: Option<AgentId>,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionAssignRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await.map_err(Rejected::widened)?;
        let refuse = |refusal| Err(Rejected::Refused(refusal));
        if !change.session.is_open() {
            return refuse(SessionRefusal::AlreadyClosed.into());
        }
        if change.session.assignee_id == assignee {
            return Ok(change.session);
        }
        if !change.may_answer_for() {
            return refuse(SessionAssignRefusal::TakenByAnother);
        }
        if let Some(assignee) = assignee
            && member(&mut change.tx, &change.project, assignee).await?.is_none()
        {
            return refuse(SessionAssignRefusal::NoSuchAgent);
        }
        let from @ (previous, _) = (change.session.assignee_id, change.session.team_id);
        change.session.assign(assignee, change.now);
        if let Some(previous) = previous.filter(|_| assignee.is_none()) {
            change.release(previous).await?;
        }
        change.leave_if_out_of_sight(actor);
        change.note_move(from, TransferKind::Assignment).await?;
        if let Some(assignee) = assignee.filter(|assignee| *assignee != actor.agent.id) {
            change.tell_assignee(assignee).await?;
        }
        Ok(self.finish_session(change, Cause::Assignment).await?)
    }
}
