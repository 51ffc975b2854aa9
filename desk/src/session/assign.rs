//! Choosing who answers.

use domain::event::Cause;
use domain::notice::NoticeKind;
use domain::{AgentId, ApiScope, Session, SessionId};

use super::SessionRefusal;
use crate::retry::retried;
use crate::routing::put_back;
use crate::staff::tell_agent;
use crate::{Actor, Desk, Error, Rejected};

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

impl From<Rejected<SessionRefusal>> for Rejected<SessionAssignRefusal> {
    fn from(rejected: Rejected<SessionRefusal>) -> Self {
        match rejected {
            Rejected::Refused(refusal) => Self::Refused(refusal.into()),
            Rejected::Failed(error) => Self::Failed(error),
        }
    }
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
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_assign(actor, id, assignee, expected_version)).await
    }

    async fn try_session_assign(
        &self,
        actor: &Actor,
        id: SessionId,
        assignee: Option<AgentId>,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionAssignRefusal>> {
        let mut change = self.change_session(actor, id, expected_version).await?;
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
        if let Some(assignee) = assignee {
            let agent = change.tx.agent(assignee).await?.filter(|agent| agent.active);
            let Some(agent) = agent else { return refuse(SessionAssignRefusal::NoSuchAgent) };
            let memberships = change.tx.memberships(assignee).await?;
            let workspace = change.tx.project(change.session.project_id).await?.map(|project| project.workspace_id);
            let belongs = workspace == Some(agent.workspace_id)
                && (agent.workspace_role == domain::WorkspaceRole::Admin
                    || memberships.iter().any(|(project, _)| *project == change.session.project_id));
            if !belongs {
                return refuse(SessionAssignRefusal::NoSuchAgent);
            }
        }
        let before = change.session.assignee_id;
        change.session.assign(assignee, change.now);
        if let (Some(before), None) = (before, assignee) {
            put_back(&mut change.tx, &change.project, &mut change.session, before, change.wall).await?;
        }
        if let Some(assignee) = assignee.filter(|assignee| *assignee != actor.agent.id) {
            let project = change.tx.project(change.session.project_id).await?.ok_or(Error::NotFound("project"))?;
            let kind = NoticeKind::Assigned;
            tell_agent(&mut change.tx, &project, &change.session, assignee, kind, self.now()).await?;
        }
        Ok(self.finish_session(change, Cause::Assignment).await?)
    }
}
