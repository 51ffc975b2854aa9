//! Refresh tokens and the families they are renewed in.

use diesel::prelude::*;
use domain::{AgentId, Time, TokenFamilyId};

use super::prepared::RunQueryDsl;
use super::schema::{refresh_tokens, token_families};
use super::{Conn, dialect};
use crate::mapping::{At, IntoDomain, micros};
use crate::tokens::RefreshToken;

/// Starts a family at sign-in.
pub async fn insert_family(conn: &mut Conn, agent: AgentId, now: Time, expires_at: Time) -> QueryResult<TokenFamilyId> {
    diesel::insert_into(token_families::table)
        .values((
            token_families::agent_id.eq(agent.0),
            token_families::created_at.eq(micros(now)),
            token_families::expires_at.eq(micros(expires_at)),
        ))
        .returning(token_families::id)
        .get_result(conn)
        .await
        .map(TokenFamilyId)
}

/// Adds the live token of a family.
pub async fn insert(conn: &mut Conn, hash: &str, family: TokenFamilyId) -> QueryResult<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((refresh_tokens::hash.eq(hash), refresh_tokens::family_id.eq(family.0)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether there is a token with this hash.
pub async fn is_known(conn: &mut Conn, hash: &str) -> QueryResult<bool> {
    let found: Option<i64> =
        refresh_tokens::table.find(hash).select(refresh_tokens::family_id).first(conn).await.optional()?;
    Ok(found.is_some())
}

/// The token with this hash and its family, locked.
pub async fn lock(conn: &mut Conn, hash: &str) -> QueryResult<Option<RefreshToken>> {
    type Row = (i64, Option<At>, i64, At, Option<At>);
    let row: Option<Row> = for_update!(
        refresh_tokens::table.inner_join(token_families::table).filter(refresh_tokens::hash.eq(hash)).select((
            refresh_tokens::family_id,
            refresh_tokens::used_at,
            token_families::agent_id,
            token_families::expires_at,
            token_families::revoked_at,
        ))
    )
    .first(conn)
    .await
    .optional()?;
    Ok(row.map(|(family, used_at, agent, expires_at, revoked_at)| RefreshToken {
        family_id: TokenFamilyId(family),
        agent_id: AgentId(agent),
        used: used_at.is_some(),
        revoked: revoked_at.is_some(),
        expires_at: expires_at.into_domain(),
    }))
}

/// Marks a token as used, so that it is never taken again.
pub async fn use_up(conn: &mut Conn, hash: &str, now: Time) -> QueryResult<()> {
    diesel::update(refresh_tokens::table.find(hash)).set(refresh_tokens::used_at.eq(micros(now))).execute(conn).await?;
    Ok(())
}

/// Ends a family: none of its tokens is taken any more.
pub async fn revoke_family(conn: &mut Conn, family: TokenFamilyId, now: Time) -> QueryResult<()> {
    diesel::update(token_families::table.find(family.0))
        .filter(token_families::revoked_at.is_null())
        .set(token_families::revoked_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends every family of an agent.
pub async fn revoke_agent(conn: &mut Conn, agent: AgentId, now: Time) -> QueryResult<()> {
    diesel::update(token_families::table)
        .filter(token_families::agent_id.eq(agent.0).and(token_families::revoked_at.is_null()))
        .set(token_families::revoked_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Those of the families that have neither been ended nor run out, each with its agent and when
/// it runs out, in no order.
pub async fn live(conn: &mut Conn, families: &[i64], now: Time) -> QueryResult<Vec<(TokenFamilyId, AgentId, Time)>> {
    let rows: Vec<(i64, i64, At)> = token_families::table
        .filter(dialect::one_of("token_families.id", families))
        .filter(token_families::revoked_at.is_null().and(token_families::expires_at.gt(micros(now))))
        .select((token_families::id, token_families::agent_id, token_families::expires_at))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(family, agent, end)| (TokenFamilyId(family), AgentId(agent), end.0)).collect())
}
