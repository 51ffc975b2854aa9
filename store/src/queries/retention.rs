//! What is kept for a while only.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Time;

use super::Conn;
use super::schema::{idempotency_keys, outbox, tg_inbox, token_families};
use crate::mapping::micros;

/// Deletes the calls that were settled before a time.
pub async fn purge_outbox(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(outbox::table)
        .filter(outbox::settled_at.lt(micros(before)))
        .execute(conn)
        .await
}

/// Deletes the updates that were worked off and had arrived before a time. Those that could
/// not be worked off stay.
pub async fn purge_inbox(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(tg_inbox::table)
        .filter(
            tg_inbox::received_at
                .lt(micros(before))
                .and(tg_inbox::state.eq("DONE")),
        )
        .execute(conn)
        .await
}

/// Deletes the idempotency keys that were used before a time.
pub async fn purge_idempotency_keys(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(idempotency_keys::table)
        .filter(idempotency_keys::created_at.lt(micros(before)))
        .execute(conn)
        .await
}

/// Deletes the families of refresh tokens that ran out before a time, and their tokens.
pub async fn purge_token_families(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(token_families::table)
        .filter(token_families::expires_at.lt(micros(before)))
        .execute(conn)
        .await
}
