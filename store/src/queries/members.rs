//! Lists of agents: of a workspace, and of those who work in a project.

use diesel::prelude::*;
use domain::filter::Page;
use domain::{Agent, AgentId, ProjectId, Role, WorkspaceId, WorkspaceRole};

use super::agents::AgentRow;
use super::prepared::FreeForm;
use super::schema::{agents, memberships};
use super::{Conn, Db, dialect};
use crate::mapping::Named;

macro_rules! in_workspace {
    ($workspace:expr, $active:expr) => {{
        let mut query = agents::table.filter(agents::workspace_id.eq($workspace.0)).into_boxed::<Db>();
        if let Some(active) = $active {
            query = query.filter(agents::active.eq(active));
        }
        query
    }};
}

/// One page of the agents of a workspace, or of those who are active or are not, oldest first, in the order of reading
/// from the asked end.
pub async fn of_workspace(
    conn: &mut Conn,
    workspace: WorkspaceId,
    active: Option<bool>,
    page: Page<AgentId>,
) -> QueryResult<Vec<Agent>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = in_workspace!(workspace, active).select(AgentRow::as_select()).limit(limit);
    if let Some(after) = page.after {
        query = query.filter(agents::id.gt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(agents::id.lt(before.0));
    }
    query = if page.from_end { query.order(agents::id.desc()) } else { query.order(agents::id.asc()) };
    let rows: Vec<AgentRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(Agent::from).collect())
}

/// How many agents a workspace has, or how many of them are active or are not.
pub async fn count_of_workspace(conn: &mut Conn, workspace: WorkspaceId, active: Option<bool>) -> QueryResult<i64> {
    diesel_async::RunQueryDsl::get_result(FreeForm(in_workspace!(workspace, active).count()), conn).await
}

macro_rules! of_project {
    ($workspace:expr, $project:expr) => {
        agents::table
            .left_join(
                memberships::table.on(memberships::agent_id.eq(agents::id).and(memberships::project_id.eq($project.0))),
            )
            .filter(agents::workspace_id.eq($workspace.0).and(agents::active.eq(true)))
            .filter(agents::workspace_role.eq(WorkspaceRole::Admin.name()).or(memberships::role.is_not_null()))
    };
}

/// One page of the active agents who work in a project of a workspace, each with the role that they were given there, if
/// they were given one, oldest first, in the order of reading from the asked end.
pub async fn of_project(
    conn: &mut Conn,
    workspace: WorkspaceId,
    project: ProjectId,
    page: Page<AgentId>,
) -> QueryResult<Vec<(Agent, Option<Role>)>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = of_project!(workspace, project)
        .select((AgentRow::as_select(), memberships::role.nullable()))
        .limit(limit)
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(agents::id.gt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(agents::id.lt(before.0));
    }
    query = if page.from_end { query.order(agents::id.desc()) } else { query.order(agents::id.asc()) };
    let rows: Vec<(AgentRow, Option<Named<Role>>)> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(|(agent, role)| (agent.into(), role.map(|role| role.0))).collect())
}

/// How many active agents work in a project of a workspace.
pub async fn count_of_project(conn: &mut Conn, workspace: WorkspaceId, project: ProjectId) -> QueryResult<i64> {
    diesel_async::RunQueryDsl::get_result(FreeForm(of_project!(workspace, project).count()), conn).await
}
