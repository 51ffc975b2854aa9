//! The seats of a workspace, and who administers what.

use diesel::prelude::*;
use domain::{AgentId, ProjectId, Role, Seats, Time, WorkspaceId, WorkspaceRole};

use super::Conn;
use super::invitations::invitations;
use super::prepared::RunQueryDsl;
use super::schema::{agents, memberships, workspaces};
use crate::mapping::micros;

/// Waits until nobody else changes who is in a workspace, and has others wait until the transaction ends.
pub async fn lock_people(conn: &mut Conn, workspace: WorkspaceId) -> QueryResult<()> {
    let query = for_no_key_update!(workspaces::table.find(workspace.0).select(workspaces::id));
    query.first::<i64>(conn).await?;
    Ok(())
}

/// How many seats a workspace has and how many of them are taken: by active agents and by invitations that can be accepted.
pub async fn of_workspace(conn: &mut Conn, workspace: WorkspaceId, now: Time) -> QueryResult<Seats> {
    let limit: Option<i64> = workspaces::table.find(workspace.0).select(workspaces::seats).first(conn).await?;
    let agents: i64 = agents::table
        .filter(agents::workspace_id.eq(workspace.0).and(agents::active.eq(true)))
        .count()
        .get_result(conn)
        .await?;
    let invited: i64 = invitations::table
        .filter(invitations::workspace_id.eq(workspace.0))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .filter(invitations::expires_at.gt(micros(now)))
        .count()
        .get_result(conn)
        .await?;
    Ok(Seats { used: agents + invited, limit })
}

/// Sets how many seats a workspace has; nothing for any number.
pub async fn set_limit(conn: &mut Conn, workspace: WorkspaceId, limit: Option<i64>) -> QueryResult<()> {
    diesel::update(workspaces::table.find(workspace.0)).set(workspaces::seats.eq(limit)).execute(conn).await?;
    Ok(())
}

/// Whether somebody else who is active administers the workspace.
pub async fn has_other_admin(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> QueryResult<bool> {
    let other: Option<i64> = agents::table
        .filter(agents::workspace_id.eq(workspace.0).and(agents::id.ne(agent.0)))
        .filter(agents::active.eq(true).and(agents::workspace_role.eq(WorkspaceRole::Admin.name())))
        .select(agents::id)
        .first(conn)
        .await
        .optional()?;
    Ok(other.is_some())
}

/// Whether somebody else who is active has the role of an administrator in the project.
pub async fn has_other_project_admin(conn: &mut Conn, project: ProjectId, agent: AgentId) -> QueryResult<bool> {
    let other: Option<i64> = memberships::table
        .inner_join(agents::table.on(agents::id.eq(memberships::agent_id)))
        .filter(memberships::project_id.eq(project.0).and(memberships::role.eq(Role::Admin.name())))
        .filter(agents::id.ne(agent.0).and(agents::active.eq(true)))
        .select(agents::id)
        .first(conn)
        .await
        .optional()?;
    Ok(other.is_some())
}
