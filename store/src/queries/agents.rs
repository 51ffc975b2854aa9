//! Workspaces, their agents, and who belongs to which project.

use diesel::prelude::*;
use domain::{Agent, AgentId, ProjectId, Role, WorkspaceId, WorkspaceRole};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::{agents, memberships, workspaces};
use super::{Conn, Db, dialect};
use crate::agents::NewAgent;
use crate::mapping::{At, Named, micros, row};

row! { AgentRow of agents is Agent {
    id: i64,
    workspace_id: i64,
    email: String,
    name: String,
    workspace_role: Named<WorkspaceRole>,
    active: bool,
    created_at: At,
} }

/// The first workspace of this desk, if it has been set up.
pub async fn first_workspace(conn: &mut Conn) -> QueryResult<Option<WorkspaceId>> {
    let id = workspaces::table.select(workspaces::id).order(workspaces::id).first(conn).await.optional()?;
    Ok(id.map(WorkspaceId))
}

/// Adds a workspace.
pub async fn insert_workspace(conn: &mut Conn, name: &str, now: domain::Time) -> QueryResult<WorkspaceId> {
    diesel::insert_into(workspaces::table)
        .values((workspaces::name.eq(name), workspaces::created_at.eq(micros(now))))
        .returning(workspaces::id)
        .get_result(conn)
        .await
        .map(WorkspaceId)
}

/// Adds an agent.
pub async fn insert(conn: &mut Conn, agent: &NewAgent) -> QueryResult<Agent> {
    diesel::insert_into(agents::table)
        .values((
            agents::workspace_id.eq(agent.workspace_id.0),
            agents::email.eq(&agent.email),
            agents::name.eq(&agent.name),
            agents::password_hash.eq(&agent.password_hash),
            agents::workspace_role.eq(agent.workspace_role.name()),
            agents::active.eq(true),
            agents::created_at.eq(micros(agent.created_at)),
        ))
        .returning(AgentRow::as_select())
        .get_result(conn)
        .await
        .map(Agent::from)
}

/// The agents with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Agent>> {
    let query = agents::table.filter(dialect::looked_up("agents.id", ids)).select(AgentRow::as_select());
    let rows: Vec<AgentRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Agent::from).collect())
}

/// One agent.
pub async fn find(conn: &mut Conn, id: AgentId) -> QueryResult<Option<Agent>> {
    let row = agents::table.find(id.0).select(AgentRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(Agent::from))
}

/// Every agent of a workspace, by name.
pub async fn of_workspace(conn: &mut Conn, workspace: WorkspaceId) -> QueryResult<Vec<Agent>> {
    let rows: Vec<AgentRow> = agents::table
        .filter(agents::workspace_id.eq(workspace.0))
        .order((agents::name, agents::id))
        .select(AgentRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Agent::from).collect())
}

/// The agent with an e-mail address in its normal form, and the hash of the password.
pub async fn by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<(Agent, String)>> {
    let row: Option<(AgentRow, String)> = agents::table
        .filter(agents::email.eq(email))
        .select((AgentRow::as_select(), agents::password_hash))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(row, hash)| (row.into(), hash)))
}

/// Whether an agent may sign in, and the hash of the password, neither of which anybody else can
/// change before the transaction has ended.
pub async fn lock_credentials(conn: &mut Conn, id: AgentId) -> QueryResult<Option<(bool, String)>> {
    for_no_key_update!(agents::table.find(id.0).select((agents::active, agents::password_hash)))
        .first(conn)
        .await
        .optional()
}

/// Replaces the hash of an agent's password.
pub async fn set_password(conn: &mut Conn, id: AgentId, hash: &str) -> QueryResult<()> {
    diesel::update(agents::table.find(id.0)).set(agents::password_hash.eq(hash)).execute(conn).await?;
    Ok(())
}

/// Lets an agent sign in, or no longer.
pub async fn set_active(conn: &mut Conn, id: AgentId, active: bool) -> QueryResult<()> {
    diesel::update(agents::table.find(id.0)).set(agents::active.eq(active)).execute(conn).await?;
    Ok(())
}

/// The projects an agent belongs to, with the role in each.
pub async fn memberships(conn: &mut Conn, agent: AgentId) -> QueryResult<Vec<(ProjectId, Role)>> {
    let rows: Vec<(i64, Named<Role>)> = memberships::table
        .filter(memberships::agent_id.eq(agent.0))
        .select((memberships::project_id, memberships::role))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(project, role)| (ProjectId(project), role.0)).collect())
}

/// The roles that these agents have in projects, in no order.
pub async fn memberships_of(conn: &mut Conn, agents: &[i64]) -> QueryResult<Vec<(AgentId, ProjectId, Role)>> {
    let rows: Vec<(i64, i64, Named<Role>)> = memberships::table
        .filter(dialect::one_of("memberships.agent_id", agents))
        .select((memberships::agent_id, memberships::project_id, memberships::role))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, project, role)| (AgentId(agent), ProjectId(project), role.0)).collect())
}

/// Takes an agent's role in a project away. Answers whether there was one.
pub async fn remove_membership(conn: &mut Conn, project: ProjectId, agent: AgentId) -> QueryResult<bool> {
    let removed = diesel::delete(memberships::table.find((project.0, agent.0))).execute(conn).await?;
    Ok(removed > 0)
}

/// Gives an agent a role in a project, in place of an earlier one.
pub async fn set_membership(conn: &mut Conn, project: ProjectId, agent: AgentId, role: Role) -> QueryResult<()> {
    diesel::insert_into(memberships::table)
        .values((
            memberships::project_id.eq(project.0),
            memberships::agent_id.eq(agent.0),
            memberships::role.eq(role.name()),
        ))
        .on_conflict((memberships::project_id, memberships::agent_id))
        .do_update()
        .set(memberships::role.eq(role.name()))
        .execute(conn)
        .await?;
    Ok(())
}
