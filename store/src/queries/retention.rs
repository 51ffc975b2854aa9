//! What is kept for a while only.

use diesel::prelude::*;
use domain::Time;

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::{idempotency_keys, outbox, tg_inbox, token_families};
use crate::mapping::micros;
use crate::retention::BATCH;

/// Deletes the calls that were settled before a time, the oldest [`BATCH`] of them.
pub async fn purge_outbox(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let old = diesel::alias!(outbox as old);
    let oldest = old
        .filter(old.field(outbox::settled_at).lt(micros(before)))
        .order(old.field(outbox::settled_at))
        .limit(BATCH)
        .select(old.field(outbox::id));
    diesel::delete(outbox::table).filter(outbox::id.eq_any(oldest)).execute(conn).await
}

/// Deletes the updates that were worked off and had arrived before a time, the oldest
/// [`BATCH`] of them. Those that could not be worked off stay.
pub async fn purge_inbox(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let old = diesel::alias!(tg_inbox as old);
    let oldest = old
        .filter(old.field(tg_inbox::received_at).lt(micros(before)))
        .filter(old.field(tg_inbox::state).eq("DONE"))
        .order(old.field(tg_inbox::received_at))
        .limit(BATCH)
        .select(old.field(tg_inbox::id));
    diesel::delete(tg_inbox::table).filter(tg_inbox::id.eq_any(oldest)).execute(conn).await
}

/// Deletes the idempotency keys that were used before a time.
pub async fn purge_idempotency_keys(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(idempotency_keys::table).filter(idempotency_keys::created_at.lt(micros(before))).execute(conn).await
}

/// Deletes the families of refresh tokens that ran out before a time, and their tokens.
pub async fn purge_token_families(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(token_families::table).filter(token_families::expires_at.lt(micros(before))).execute(conn).await
}
