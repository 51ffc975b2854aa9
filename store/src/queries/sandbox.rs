//! What the simulated Telegram of a sandbox has to remember.

use diesel::prelude::*;
use domain::ProjectId;

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::{sandbox_counters, sandbox_updates};

/// Adds an update and answers its number.
pub async fn push(conn: &mut Conn, project: ProjectId, raw: &str) -> QueryResult<i64> {
    diesel::insert_into(sandbox_updates::table)
        .values((sandbox_updates::project_id.eq(project.0), sandbox_updates::raw.eq(raw)))
        .returning(sandbox_updates::id)
        .get_result(conn)
        .await
}

/// The updates from a number on that have not been handed over, oldest first.
pub async fn pending(conn: &mut Conn, project: ProjectId, from: i64, limit: i64) -> QueryResult<Vec<(i64, String)>> {
    sandbox_updates::table
        .filter(sandbox_updates::project_id.eq(project.0).and(sandbox_updates::id.ge(from)))
        .order(sandbox_updates::id)
        .limit(limit)
        .select((sandbox_updates::id, sandbox_updates::raw))
        .load(conn)
        .await
}

/// Forgets the updates below a number, which have been handed over.
pub async fn confirm(conn: &mut Conn, project: ProjectId, below: i64) -> QueryResult<usize> {
    diesel::delete(sandbox_updates::table)
        .filter(sandbox_updates::project_id.eq(project.0).and(sandbox_updates::id.lt(below)))
        .execute(conn)
        .await
}

/// The next number for a message.
pub async fn next_message_id(conn: &mut Conn, project: ProjectId) -> QueryResult<i64> {
    diesel::insert_into(sandbox_counters::table)
        .values((sandbox_counters::project_id.eq(project.0), sandbox_counters::last_message_id.eq(1)))
        .on_conflict(sandbox_counters::project_id)
        .do_update()
        .set(sandbox_counters::last_message_id.eq(sandbox_counters::last_message_id + 1))
        .returning(sandbox_counters::last_message_id)
        .get_result(conn)
        .await
}
