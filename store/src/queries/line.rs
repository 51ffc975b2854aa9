//! The line of those who wait for an agent.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use domain::{ProjectId, Session, SessionId, TeamId};

use super::dialect::OneOf;
use super::prepared::{Prepared, RunQueryDsl};
use super::schema::sessions;
use super::sessions::SessionRow;
use super::{Conn, Db, dialect};
use crate::routing::{Awaiting, LineEnd};

/// Who is in line, as SQL: as the index `sessions_line` says it.
const IN_LINE: &str = "sessions.assignee_id IS NULL AND sessions.resolved_at IS NULL \
    AND sessions.status <> 'CLOSED' AND sessions.status <> 'FOLLOW_UP'";
/// Since when they have waited, as SQL: as the index `sessions_line` says it.
const SINCE: &str = "COALESCE(sessions.waiting_since, sessions.queued_at, sessions.created_at)";

/// All priorities, as SQL, so that the index `sessions_line` is found by its first columns.
const OF_ANY_PRIORITY: &str = "sessions.priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')";

fn in_line() -> SqlLiteral<Bool> {
    sql(IN_LINE)
}

fn of_any_priority() -> SqlLiteral<Bool> {
    sql(OF_ANY_PRIORITY)
}

/// The next sessions in line of one priority, those first that have waited for longest.
pub async fn page(
    conn: &mut Conn,
    project: ProjectId,
    from: LineEnd,
    awaiting: &Awaiting,
) -> QueryResult<Vec<Session>> {
    let teams: Vec<i64> = awaiting.teams.iter().map(|team| team.0).collect();
    let is_awaited = awaiting.anybody.into_sql::<Bool>().and(sessions::team_id.is_null());
    let LineEnd { priority, after, limit } = from;
    let query = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(sessions::priority.eq(priority.name()))
        .filter(in_line())
        .filter(sql::<BigInt>(SINCE).ge(after.micros))
        .filter(sql::<BigInt>(SINCE).gt(after.micros).or(sessions::id.gt(after.id)))
        .filter(is_awaited.or(dialect::one_of("sessions.team_id", &teams)))
        .order((sql::<BigInt>(SINCE), sessions::id))
        .limit(limit)
        .select(SessionRow::as_select());
    let rows: Vec<SessionRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Whether anybody is in line.
pub async fn is_any(conn: &mut Conn, project: ProjectId) -> QueryResult<bool> {
    let first: Option<i64> = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(of_any_priority())
        .filter(in_line())
        .select(sessions::id)
        .first(conn)
        .await
        .optional()?;
    Ok(first.is_some())
}

/// Sessions in line of which nobody was told since they have waited for the desk to find somebody, or since their customers
/// have waited for an answer, in no order.
pub async fn untold(conn: &mut Conn, project: ProjectId, limit: i64) -> QueryResult<Vec<SessionId>> {
    const IS_UNTOLD: &str = "sessions.queued_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session_queue_notes AS note \
        WHERE note.session_id = sessions.id AND note.told_at >= sessions.queued_at \
        AND (sessions.waiting_since IS NULL OR note.told_at >= sessions.waiting_since))";
    some_in_line(conn, project, IS_UNTOLD, limit).await
}

/// Sessions in line that were there before the desk looked for anybody and whose customers wait for an answer, in no
/// order.
pub async fn unqueued(conn: &mut Conn, project: ProjectId, limit: i64) -> QueryResult<Vec<SessionId>> {
    some_in_line(conn, project, "sessions.queued_at IS NULL AND sessions.waiting_since IS NOT NULL", limit).await
}

async fn some_in_line(
    conn: &mut Conn,
    project: ProjectId,
    condition: &'static str,
    limit: i64,
) -> QueryResult<Vec<SessionId>> {
    let ids: Vec<i64> = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(of_any_priority())
        .filter(in_line())
        .filter(sql::<Bool>(condition))
        .limit(limit)
        .select(sessions::id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Sessions in line that wait for one of these teams because a rule chose it, in no order.
pub async fn of_ruled_teams(
    conn: &mut Conn,
    project: ProjectId,
    teams: &[TeamId],
    limit: i64,
) -> QueryResult<Vec<SessionId>> {
    const IS_RULED: &str = "EXISTS (SELECT 1 FROM routing_decisions AS decision \
        WHERE decision.session_id = sessions.id AND decision.ruled_team_id = sessions.team_id)";
    let teams: Vec<i64> = teams.iter().map(|team| team.0).collect();
    let ids: Vec<i64> = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(of_any_priority())
        .filter(in_line())
        .filter(dialect::one_of("sessions.team_id", &teams))
        .filter(sql::<Bool>(IS_RULED))
        .limit(limit)
        .select(sessions::id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// The places of these sessions, counted from 1, those that are in line: each among those that are for the same team.
/// What is for no team is for this one, if one is given.
pub async fn places(
    conn: &mut Conn,
    project: ProjectId,
    ids: &[i64],
    team: Option<TeamId>,
) -> QueryResult<Vec<(SessionId, i64)>> {
    // No team has the number 0.
    let team = team.map_or(0, |team| team.0);
    let places = Places { project: project.0, team, asked: dialect::one_of("line.id", ids) };
    let rows: Vec<(i64, i64)> = dialect::load_all(Prepared(places), conn).await?;
    Ok(rows.into_iter().map(|(session, place)| (SessionId(session), place)).collect())
}

/// The places of sessions in line.
struct Places {
    project: i64,
    team: i64,
    asked: OneOf,
}

impl QueryFragment<Db> for Places {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql(
            "SELECT line.id, line.place FROM (SELECT sessions.id AS id, \
             ROW_NUMBER() OVER (PARTITION BY COALESCE(sessions.team_id, ",
        );
        out.push_bind_param::<BigInt, _>(&self.team)?;
        out.push_sql(
            ") ORDER BY CASE sessions.priority WHEN 'URGENT' THEN 0 WHEN 'HIGH' THEN 1 WHEN 'MEDIUM' THEN 2 ELSE 3 END, ",
        );
        out.push_sql(SINCE);
        out.push_sql(", sessions.id) AS place FROM sessions WHERE sessions.project_id = ");
        out.push_bind_param::<BigInt, _>(&self.project)?;
        out.push_sql(" AND ");
        out.push_sql(OF_ANY_PRIORITY);
        out.push_sql(" AND ");
        out.push_sql(IN_LINE);
        out.push_sql(") AS line WHERE ");
        self.asked.walk_ast(out.reborrow())
    }
}

impl QueryId for Places {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Places {
    type SqlType = (BigInt, BigInt);
}

#[cfg(test)]
mod tests {
    use domain::Priority;

    use super::*;

    #[test]
    fn every_priority_is_in_line() {
        let names: Vec<_> = Priority::ALL.iter().map(|priority| format!("'{}'", priority.name())).collect();
        assert_eq!(OF_ANY_PRIORITY, format!("sessions.priority IN ({})", names.join(", ")));
    }
}
