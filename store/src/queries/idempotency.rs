//! Answers to requests that may be sent again.

use diesel::prelude::*;
use domain::{AgentId, Time};

use super::prepared::RunQueryDsl;
use super::schema::idempotency_keys;
use super::{Conn, dialect};
use crate::idempotency::Answered;
use crate::mapping::micros;

/// The earlier answer under a key that is younger than `since`.
pub async fn find(conn: &mut Conn, agent: AgentId, key: &str, since: Time) -> QueryResult<Option<Answered>> {
    let row: Option<(String, String, i64, i64, Option<String>)> = idempotency_keys::table
        .find((agent.0, key))
        .filter(idempotency_keys::created_at.gt(micros(since)))
        .select((
            idempotency_keys::operation,
            idempotency_keys::fingerprint,
            idempotency_keys::object_id,
            idempotency_keys::object_count,
            idempotency_keys::details,
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(operation, fingerprint, object_id, object_count, details)| Answered {
        operation,
        fingerprint,
        object_id,
        object_count,
        details,
    }))
}

/// Keeps an answer under a key, in place of one that is not younger than `since`. One that is stays, also if it was
/// committed only after this transaction looked for it: the key is taken then.
pub async fn insert(
    conn: &mut Conn,
    agent: AgentId,
    key: &str,
    answered: &Answered,
    since: Time,
    now: Time,
) -> QueryResult<()> {
    diesel::delete(idempotency_keys::table.find((agent.0, key)))
        .filter(idempotency_keys::created_at.le(micros(since)))
        .execute(conn)
        .await?;
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::agent_id.eq(agent.0),
            idempotency_keys::key.eq(key),
            idempotency_keys::operation.eq(&answered.operation),
            idempotency_keys::fingerprint.eq(&answered.fingerprint),
            idempotency_keys::object_id.eq(answered.object_id),
            idempotency_keys::object_count.eq(answered.object_count),
            idempotency_keys::details.eq(&answered.details),
            idempotency_keys::created_at.eq(micros(now)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the requests by which objects were made.
pub async fn forget(conn: &mut Conn, operation: &str, objects: &[i64]) -> QueryResult<()> {
    diesel::delete(idempotency_keys::table)
        .filter(idempotency_keys::operation.eq(operation))
        .filter(dialect::one_of("idempotency_keys.object_id", objects))
        .execute(conn)
        .await?;
    Ok(())
}
