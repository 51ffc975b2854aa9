//! Agents who read along beside the one who answers.

use domain::event::Cause;
use domain::{AgentId, ApiScope, Session, SessionId};

use super::SessionRefusal;
use crate::agent::member;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// The most agents who read along in one session.
pub const PARTICIPANTS: usize = 20;

/// Why those who read along are who they were.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionParticipantRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The actor neither answers in the session nor is a supervisor nor acts for themselves.
    #[error("another agent has this session: ask them or a supervisor")]
    TakenByAnother,
    /// The agent is unknown, not active, or has no role in the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    NoSuchAgent,
    /// The agent answers in the session.
    #[error(
        "this agent answers in the session: hand it over with `sessionTransfer` or take it over with `sessionTakeOver`"
    )]
    IsAssignee,
    /// There would be more than [`PARTICIPANTS`].
    #[error("at most {PARTICIPANTS} agents read along in a session: remove somebody first")]
    TooMany,
}

impl<E: Into<SessionParticipantRefusal>> From<E> for Rejected<SessionParticipantRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Has an agent read along in an open session, from its first message on. The one who answers and supervisors ask
    /// others in; in a session that nobody has whoever sees it does. Who reads along already goes on doing so.
    pub async fn session_participant_add(
        &self,
        actor: &Actor,
        id: SessionId,
        agent: AgentId,
    ) -> Result<Session, Rejected<SessionParticipantRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_participant_add(actor, id, agent)).await
    }

    async fn try_session_participant_add(
        &self,
        actor: &Actor,
        id: SessionId,
        agent: AgentId,
    ) -> Result<Session, Rejected<SessionParticipantRefusal>> {
        let mut change = self.change_session(actor, id, None).await.map_err(Rejected::widened)?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if !change.may_answer_for() {
            return Err(SessionParticipantRefusal::TakenByAnother.into());
        }
        if member(&mut change.tx, &change.project, agent).await?.is_none() {
            return Err(SessionParticipantRefusal::NoSuchAgent.into());
        }
        if change.session.assignee_id == Some(agent) {
            return Err(SessionParticipantRefusal::IsAssignee.into());
        }
        if change.session.people.has_joined(agent) {
            return Ok(change.session);
        }
        if change.session.people.joined.len() >= PARTICIPANTS {
            return Err(SessionParticipantRefusal::TooMany.into());
        }
        change.session.people.join(agent);
        Ok(self.finish_session(change, Cause::Join).await?)
    }

    /// An agent reads along no longer: it ends for them, and they go on seeing it as it was then. The one who answers and
    /// supervisors do it to others, everybody to themselves.
    pub async fn session_participant_remove(
        &self,
        actor: &Actor,
        id: SessionId,
        agent: AgentId,
    ) -> Result<Session, Rejected<SessionParticipantRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_participant_remove(actor, id, agent)).await
    }

    async fn try_session_participant_remove(
        &self,
        actor: &Actor,
        id: SessionId,
        agent: AgentId,
    ) -> Result<Session, Rejected<SessionParticipantRefusal>> {
        let mut change = self.change_session(actor, id, None).await.map_err(Rejected::widened)?;
        if agent != actor.agent.id && !change.may_answer_for() {
            return Err(SessionParticipantRefusal::TakenByAnother.into());
        }
        if change.session.assignee_id == Some(agent) {
            return Err(SessionParticipantRefusal::IsAssignee.into());
        }
        if !change.session.people.has_joined(agent) {
            return Ok(change.session);
        }
        change.session.people.leave(agent);
        Ok(self.finish_session(change, Cause::Leave).await?)
    }
}
