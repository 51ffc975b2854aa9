//! How many sessions an agent may have.

use domain::audit::ObjectKind;
use domain::routing::MOST_CAPACITY;
use domain::{AgentId, ApiScope, ProjectId, Role};
use serde_json::json;

use super::roster::{AtWork, roster};
use super::round::hasten_round;
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// Why the capacity of an agent was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CapacityRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The agent is unknown, not active, or has no role in the project.
    #[error(
        "there is no such agent in this project: choose one of its active agents; administrators of the workspace are \
         among them once `projectRoleSet` has given them a role in it"
    )]
    NoSuchAgent,
    /// Below zero or more than [`MOST_CAPACITY`].
    #[error("the capacity is not from 0 to 10,000: give one that is, or none for what the project says")]
    Capacity,
}

impl<E: Into<CapacityRefusal>> From<E> for Rejected<CapacityRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Says how many sessions an agent of a project may have that need work; nothing for what the project says. Those
    /// they have already stay with them.
    pub async fn agent_capacity_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        agent_id: AgentId,
        capacity: Option<u32>,
    ) -> Result<AtWork, Rejected<CapacityRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_agent_capacity_update(actor, project_id, agent_id, capacity)).await
    }

    async fn try_agent_capacity_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        agent_id: AgentId,
        capacity: Option<u32>,
    ) -> Result<AtWork, Rejected<CapacityRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        if capacity.is_some_and(|capacity| capacity > MOST_CAPACITY) {
            return Err(CapacityRefusal::Capacity.into());
        }
        let wall = self.now();
        let policy = tx.lock_routing(project_id).await?;
        let usual = policy.as_ref().and_then(|policy| policy.capacity);
        let agents = roster(&mut tx, &project, usual, wall).await?;
        if !agents.iter().any(|agent| agent.candidate.agent_id == agent_id) {
            return Err(CapacityRefusal::NoSuchAgent.into());
        }
        tx.set_capacity(project_id, agent_id, capacity).await?;
        let object = (ObjectKind::Agent, agent_id.0);
        let audited = Audited::in_project(&actor.agent, &project, "agentCapacityUpdate", object, wall);
        audited.with(&json!({ "capacity": capacity })).write(&mut tx).await?;
        if policy.is_some_and(|policy| policy.enabled) {
            hasten_round(&mut tx, project_id, wall).await?;
        }
        let agents = roster(&mut tx, &project, usual, wall).await?;
        self.commit(tx).await?;
        let changed = agents.into_iter().find(|agent| agent.candidate.agent_id == agent_id);
        Ok(changed.ok_or(Error::NotFound("agent"))?)
    }
}
