//! Requests that do the same to many sessions and may be sent again.

use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::audit::ObjectKind;
use domain::{AgentId, SessionId, Time};
use serde_json::Value;

use super::prepared::RunQueryDsl;
use super::schema::audit_log;
use super::{Conn, dialect};
use crate::bulk_requests::{BULK_REQUEST, BulkRequest};
use crate::mapping::{micros, plain_json};
use crate::retention::BATCH;

diesel::table! {
    bulk_requests (id) {
        id -> BigInt,
        agent_id -> BigInt,
        session_ids -> Text,
        audit_mark -> BigInt,
        results -> Nullable<Text>,
        begun_at -> BigInt,
    }
}

/// Adds a request that is about to be begun, with the present end of the audit log.
pub async fn insert(conn: &mut Conn, agent: AgentId, sessions: &[SessionId], now: Time) -> QueryResult<BulkRequest> {
    let audit_mark: Option<i64> = audit_log::table.select(max(audit_log::id)).first(conn).await?;
    let audit_mark = audit_mark.unwrap_or_default();
    let id = diesel::insert_into(bulk_requests::table)
        .values((
            bulk_requests::agent_id.eq(agent.0),
            bulk_requests::session_ids.eq(plain_json(&sessions)),
            bulk_requests::audit_mark.eq(audit_mark),
            bulk_requests::begun_at.eq(micros(now)),
        ))
        .returning(bulk_requests::id)
        .get_result(conn)
        .await?;
    Ok(BulkRequest { id, session_ids: sessions.to_vec(), audit_mark, results: None })
}

/// A request that was begun.
pub async fn find(conn: &mut Conn, id: i64) -> QueryResult<Option<BulkRequest>> {
    let row: Option<(String, i64, Option<String>)> = bulk_requests::table
        .find(id)
        .select((bulk_requests::session_ids, bulk_requests::audit_mark, bulk_requests::results))
        .first(conn)
        .await
        .optional()?;
    let Some((session_ids, audit_mark, results)) = row else { return Ok(None) };
    let session_ids = serde_json::from_str(&session_ids)
        .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))?;
    Ok(Some(BulkRequest { id, session_ids, audit_mark, results }))
}

/// Keeps what came of a request, unless that is known already.
pub async fn finish(conn: &mut Conn, id: i64, results: &str) -> QueryResult<()> {
    diesel::update(bulk_requests::table.find(id))
        .filter(bulk_requests::results.is_null())
        .set(bulk_requests::results.eq(results))
        .execute(conn)
        .await?;
    Ok(())
}

/// To which of these sessions a request of an agent has done what it asks for, by the entries of the audit log. Each names
/// the request, since the agent may have done the same by hand, or by another request.
pub async fn done_by(
    conn: &mut Conn,
    request: &BulkRequest,
    agent: AgentId,
    sessions: &[i64],
) -> QueryResult<Vec<SessionId>> {
    let entries: Vec<(i64, Option<String>)> = audit_log::table
        .filter(audit_log::object_kind.eq(ObjectKind::Session.name()))
        .filter(dialect::one_of("audit_log.object_id", sessions))
        .filter(audit_log::id.gt(request.audit_mark))
        .filter(audit_log::agent_id.eq(agent.0))
        .select((audit_log::object_id, audit_log::details))
        .load(conn)
        .await?;
    let is_of_request = |details: &str| {
        let details: Option<Value> = serde_json::from_str(details).ok();
        details.is_some_and(|details| details[BULK_REQUEST] == request.id)
    };
    let done = entries.into_iter().filter(|(_, details)| details.as_deref().is_some_and(is_of_request));
    Ok(done.map(|(session, _)| SessionId(session)).collect())
}

/// Forgets the requests that were begun before a time, the oldest [`BATCH`] of them.
pub async fn purge(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let is_among_the_oldest = sql::<Bool>("id IN (SELECT old.id FROM bulk_requests AS old WHERE old.begun_at < ")
        .bind::<BigInt, _>(micros(before))
        .sql(" ORDER BY old.begun_at LIMIT ")
        .bind::<BigInt, _>(BATCH)
        .sql(")");
    diesel::delete(bulk_requests::table).filter(is_among_the_oldest).execute(conn).await
}
