//! Letting agents in no longer, and again.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::{Agent, AgentId, Project, Time, WorkspaceId, WorkspaceRole};
use serde_json::json;
use store::Tx;

use super::SightChange;
use crate::audit::Audited;
use crate::retry::retried;
use crate::session::release_all;
use crate::{Actor, Desk, Error, Rejected};

/// Every seat of the workspace is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "all {limit} seats of the workspace are taken, by active agents and by open invitations: deactivate somebody, revoke an \
     invitation, or get more seats"
)]
pub struct SeatLimitReached {
    /// How many there are.
    pub limit: i64,
}

/// Why an agent was neither deactivated nor activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgentActivityRefusal {
    /// The actor does not administer the workspace.
    #[error("only administrators of the workspace do this: ask one of them")]
    NotAdministrator,
    /// There is no such agent in the workspace.
    #[error("there is no such agent in your workspace")]
    NotFound,
    /// The actor would deactivate themselves.
    #[error("you cannot deactivate yourself: ask another administrator of the workspace")]
    Oneself,
    /// Nobody else administers the workspace.
    #[error("nobody else administers the workspace: have another administrator first")]
    LastAdmin,
    /// There is no seat left.
    #[error(transparent)]
    SeatLimit(#[from] SeatLimitReached),
}

impl<E: Into<AgentActivityRefusal>> From<E> for Rejected<AgentActivityRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Lets an agent of the workspace in no longer: every sign-in, API token and open invitation of theirs ends, and their
    /// open sessions wait for others. To do it again changes nothing.
    pub async fn agent_deactivate(&self, actor: &Actor, id: AgentId) -> Result<Agent, Rejected<AgentActivityRefusal>> {
        actor.needs_sign_in()?;
        retried(|| self.try_set_activity(actor, id, false)).await
    }

    /// Lets an agent of the workspace in again, with the roles and the password that they had, if a seat is free. To do it
    /// again changes nothing.
    pub async fn agent_activate(&self, actor: &Actor, id: AgentId) -> Result<Agent, Rejected<AgentActivityRefusal>> {
        actor.needs_sign_in()?;
        retried(|| self.try_set_activity(actor, id, true)).await
    }

    async fn try_set_activity(
        &self,
        actor: &Actor,
        id: AgentId,
        active: bool,
    ) -> Result<Agent, Rejected<AgentActivityRefusal>> {
        let workspace = actor.agent.workspace_id;
        let mut tx = self.store.begin().await?;
        tx.lock_people(workspace).await?;
        // Of two administrators who deactivate each other at once, the later one is none any more.
        let me = tx.agent(actor.agent.id).await?.filter(|me| me.active).ok_or(Error::Unauthenticated)?;
        if me.workspace_role != WorkspaceRole::Admin {
            return Err(AgentActivityRefusal::NotAdministrator.into());
        }
        let agent = tx.agent(id).await?.filter(|agent| agent.workspace_id == workspace);
        let agent = agent.ok_or(AgentActivityRefusal::NotFound)?;
        if id == me.id && !active {
            return Err(AgentActivityRefusal::Oneself.into());
        }
        if agent.active == active {
            return Ok(agent);
        }
        let wall = self.now();
        if active {
            check_seat(&mut tx, workspace, wall).await??;
            bring_back(&mut tx, &agent, wall).await?;
        } else {
            if agent.workspace_role == WorkspaceRole::Admin && !tx.has_other_admin(workspace, id).await? {
                return Err(AgentActivityRefusal::LastAdmin.into());
            }
            retire(&mut tx, &agent, wall).await?;
        }
        let action = if active { "agentActivate" } else { "agentDeactivate" };
        let object = (ObjectKind::Agent, id.0);
        let details = json!({ "workspaceRole": agent.workspace_role.name() });
        Audited::in_workspace(&me, action, object, wall).with(&details).write(&mut tx).await?;
        self.commit_rights(tx).await?;
        tracing::info!(agent = %id, by = %me.id, active, "an agent was activated or deactivated");
        Ok(Agent { active, ..agent })
    }
}

/// Whether a seat is free in a workspace whose people are locked.
pub(crate) async fn check_seat(
    tx: &mut Tx,
    workspace: WorkspaceId,
    wall: Time,
) -> Result<Result<(), SeatLimitReached>, store::Error> {
    let seats = tx.seats(workspace, wall).await?;
    Ok(if seats.has_room() { Ok(()) } else { Err(SeatLimitReached { limit: seats.limit.unwrap_or_default() }) })
}

/// Has an agent be no longer there: they act through nothing any more, and what they did is for others to do.
pub(crate) async fn retire(tx: &mut Tx, agent: &Agent, wall: Time) -> Result<(), Error> {
    tx.set_agent_active(agent.id, false).await?;
    tx.revoke_tokens_of_agent(agent.id, wall).await?;
    tx.revoke_api_tokens_of_agent(agent.id, wall).await?;
    tx.revoke_invitations_of(agent.workspace_id, agent.id, wall).await?;
    for project in projects_of(tx, agent).await? {
        release_all(tx, &project, agent.id, Cause::Deactivation, wall).await?;
    }
    Ok(())
}

/// Has an agent be there again, with the roles and teams that are theirs now.
pub(crate) async fn bring_back(tx: &mut Tx, agent: &Agent, wall: Time) -> Result<(), Error> {
    let projects = projects_of(tx, agent).await?;
    let mut changes = Vec::with_capacity(projects.len());
    for project in &projects {
        changes.push(SightChange::begin(tx, project, agent.id).await?);
    }
    tx.set_agent_active(agent.id, true).await?;
    for change in changes {
        change.end(tx, wall).await?;
    }
    Ok(())
}

/// The projects that an agent works in.
async fn projects_of(tx: &mut Tx, agent: &Agent) -> Result<Vec<Project>, store::Error> {
    let mut projects = tx.projects_of_workspace(agent.workspace_id).await?;
    if agent.workspace_role == WorkspaceRole::Member {
        let roles = tx.memberships(agent.id).await?;
        projects.retain(|project| roles.iter().any(|(of, _)| *of == project.id));
    }
    Ok(projects)
}
