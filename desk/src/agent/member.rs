//! What an agent is in a project.

use std::sync::Arc;

use domain::{Agent, AgentId, Project, Role, Sight, TeamId, WorkspaceRole};
use store::Tx;

use crate::Error;

/// How far an agent sees in a project; nothing if they are not active or do not belong to it.
pub(crate) async fn sight_of(tx: &mut Tx, project: &Project, id: AgentId) -> Result<Option<Sight>, Error> {
    let Some(agent) = member(tx, project, id).await? else { return Ok(None) };
    let role = match agent.workspace_role {
        WorkspaceRole::Admin => Some(Role::Admin),
        WorkspaceRole::Member => {
            let roles = tx.memberships(id).await?;
            roles.into_iter().find(|(of, _)| *of == project.id).map(|(_, role)| role)
        }
    };
    let teams: Arc<[TeamId]> = tx.teams_of_agents(&[id.0]).await?.into_iter().map(|(_, team)| team).collect();
    Ok(role.map(|role| Sight::of(role, id, &teams)))
}

/// An agent, if they are active and belong to a project.
pub(crate) async fn member(tx: &mut Tx, project: &Project, id: AgentId) -> Result<Option<Agent>, Error> {
    let Some(agent) = tx.agent(id).await?.filter(|agent| agent.active) else { return Ok(None) };
    let is_admin = agent.workspace_role == WorkspaceRole::Admin;
    let belongs = agent.workspace_id == project.workspace_id
        && (is_admin || tx.memberships(id).await?.iter().any(|(of, _)| *of == project.id));
    Ok(belongs.then_some(agent))
}
