//! Which open sessions are concerned when an agent or a team is gone.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::{AgentId, ProjectId, SessionId, TeamId};

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::{session_participants, sessions};

/// As the indexes of open sessions say it, which a value in its place would keep from being used.
fn is_open() -> SqlLiteral<Bool> {
    sql("sessions.status <> 'CLOSED'")
}

/// So many of the open sessions of a project that an agent has or has joined, in ascending order.
pub async fn of_agent(
    conn: &mut Conn,
    project: ProjectId,
    agent: AgentId,
    limit: usize,
) -> QueryResult<Vec<SessionId>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut ids: Vec<i64> = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(is_open())
        .filter(sessions::assignee_id.eq(agent.0))
        .limit(most)
        .select(sessions::id)
        .load(conn)
        .await?;
    let joined: Vec<i64> = session_participants::table
        .inner_join(sessions::table.on(sessions::id.eq(session_participants::session_id)))
        .filter(session_participants::agent_id.eq(agent.0))
        .filter(sessions::project_id.eq(project.0))
        .filter(is_open())
        .limit(most)
        .select(sessions::id)
        .load(conn)
        .await?;
    ids.extend(joined);
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(limit);
    Ok(ids.into_iter().map(SessionId).collect())
}

/// So many of the open sessions of a project that are for a team, in ascending order.
pub async fn of_team(conn: &mut Conn, project: ProjectId, team: TeamId, limit: usize) -> QueryResult<Vec<SessionId>> {
    let ids: Vec<i64> = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(is_open())
        .filter(sessions::team_id.eq(team.0))
        .order(sessions::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(sessions::id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(SessionId).collect())
}
