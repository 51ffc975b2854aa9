//! What is kept for a while only.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::Time;

use super::prepared::RunQueryDsl;
use super::schema::{idempotency_keys, outbox, tg_inbox, token_families};
use super::sla_clocks::{sla_clock_events, sla_clocks};
use super::{Conn, dialect};
use crate::mapping::micros;
use crate::outbox::OutboxState;
use crate::retention::BATCH;

/// The states of calls that are still to be made.
const OPEN: [&str; 2] = [OutboxState::Queued.name(), OutboxState::Sending.name()];

/// Deletes the calls that were settled before a time, the oldest [`BATCH`] of them.
pub async fn purge_outbox(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let old = diesel::alias!(outbox as old);
    let oldest = old
        .filter(old.field(outbox::settled_at).lt(micros(before)))
        .filter(old.field(outbox::state).ne_all(OPEN))
        .order(old.field(outbox::settled_at))
        .limit(BATCH)
        .select(old.field(outbox::id));
    diesel::delete(outbox::table).filter(outbox::id.eq_any(oldest)).execute(conn).await
}

/// Deletes the updates that had arrived before a time and were worked off or put by: among the [`BATCH`] that are there
/// for longest. Those that could not be worked off stay.
pub async fn purge_inbox(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let old = diesel::alias!(tg_inbox as old);
    let oldest = old
        .filter(old.field(tg_inbox::state).eq_any(["DONE", "SHELVED"]))
        .order(old.field(tg_inbox::id))
        .limit(BATCH)
        .select(old.field(tg_inbox::id));
    diesel::delete(tg_inbox::table)
        .filter(tg_inbox::id.eq_any(oldest))
        .filter(tg_inbox::received_at.lt(micros(before)))
        .execute(conn)
        .await
}

/// Deletes the idempotency keys that were used before a time, the oldest [`BATCH`] of them.
pub async fn purge_idempotency_keys(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let is_among_the_oldest = sql::<Bool>(
        "(agent_id, key) IN (SELECT old.agent_id, old.key FROM idempotency_keys AS old WHERE old.created_at < ",
    )
    .bind::<BigInt, _>(micros(before))
    .sql(" ORDER BY old.created_at LIMIT ")
    .bind::<BigInt, _>(BATCH)
    .sql(")");
    diesel::delete(idempotency_keys::table).filter(is_among_the_oldest).execute(conn).await
}

/// Deletes the families of refresh tokens that ran out before a time, the oldest [`BATCH`] of
/// them, and their tokens.
pub async fn purge_token_families(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let old = diesel::alias!(token_families as old);
    let oldest = old
        .filter(old.field(token_families::expires_at).lt(micros(before)))
        .order(old.field(token_families::expires_at))
        .limit(BATCH)
        .select(old.field(token_families::id));
    diesel::delete(token_families::table).filter(token_families::id.eq_any(oldest)).execute(conn).await
}

/// Deletes the clocks of service levels that ended before a time, with their histories: among the [`BATCH`] that ended of
/// those that are there for longest.
pub async fn purge_sla_clocks(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let old = diesel::alias!(sla_clocks as old);
    let oldest = old
        .filter(old.field(sla_clocks::ended_at).is_not_null())
        .order(old.field(sla_clocks::id))
        .limit(BATCH)
        .select(old.field(sla_clocks::id));
    let ids: Vec<i64> = sla_clocks::table
        .filter(sla_clocks::id.eq_any(oldest))
        .filter(sla_clocks::ended_at.lt(micros(before)))
        .select(sla_clocks::id)
        .load(conn)
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    diesel::delete(sla_clock_events::table)
        .filter(dialect::one_of("sla_clock_events.clock_id", &ids))
        .execute(conn)
        .await?;
    diesel::delete(sla_clocks::table).filter(dialect::one_of("sla_clocks.id", &ids)).execute(conn).await
}
