//! Who does what only one process may do at a time. The times are those of the database, so
//! that the clocks of the processes need not agree.

use diesel::prelude::*;

use super::prepared::RunQueryDsl;
use super::schema::leases;
use super::{Conn, dialect, meta};

/// Takes or renews a lease. Answers whether this holder has it now.
pub async fn acquire(conn: &mut Conn, name: &str, holder: &str, ttl_micros: i64) -> QueryResult<bool> {
    use diesel::query_dsl::methods::FilterDsl as _;
    let now = meta::now_micros(conn).await?;
    let taken = diesel::insert_into(leases::table)
        .values((leases::name.eq(name), leases::holder.eq(holder), leases::expires_at.eq(now + ttl_micros)))
        .on_conflict(leases::name)
        .do_update()
        .set((leases::holder.eq(holder), leases::expires_at.eq(now + ttl_micros)))
        .filter(leases::holder.eq(holder).or(leases::expires_at.lt(now)))
        .execute(conn)
        .await?;
    Ok(taken == 1)
}

/// Renews those of these leases that a holder has, and answers which these are.
pub async fn renew(conn: &mut Conn, names: &[String], holder: &str, ttl_micros: i64) -> QueryResult<Vec<String>> {
    // In the order in which everybody locks them who locks several.
    let held: Vec<String> = for_update!(
        leases::table
            .filter(dialect::one_of_texts("leases.name", names))
            .filter(leases::holder.eq(holder))
            .order(leases::name)
            .select(leases::name)
    )
    .load(conn)
    .await?;
    let now = meta::now_micros(conn).await?;
    diesel::update(leases::table)
        .filter(dialect::one_of_texts("leases.name", &held))
        .set(leases::expires_at.eq(now + ttl_micros))
        .execute(conn)
        .await?;
    Ok(held)
}

/// Whether a holder has a lease now. Nobody else gets it then before the transaction has ended,
/// so that who takes it over sees what the transaction has done.
pub async fn keep(conn: &mut Conn, name: &str, holder: &str) -> QueryResult<bool> {
    let kept: Option<String> = for_share!(
        leases::table
            .find(name)
            .filter(leases::holder.eq(holder))
            .filter(leases::expires_at.gt(dialect::now_micros()))
            .select(leases::holder)
    )
    .first(conn)
    .await
    .optional()?;
    Ok(kept.is_some())
}

/// Those of these leases that a holder has now, under the same promise as [`keep`].
pub async fn keep_many(conn: &mut Conn, names: &[String], holder: &str) -> QueryResult<Vec<String>> {
    for_share!(
        leases::table
            .filter(dialect::one_of_texts("leases.name", names))
            .filter(leases::holder.eq(holder))
            .filter(leases::expires_at.gt(dialect::now_micros()))
            .order(leases::name)
            .select(leases::name)
    )
    .load(conn)
    .await
}

/// How many leases are held now whose names begin so.
pub async fn count(conn: &mut Conn, prefix: &str) -> QueryResult<i64> {
    leases::table
        .filter(leases::name.like(format!("{prefix}%")))
        .filter(leases::expires_at.gt(dialect::now_micros()))
        .count()
        .get_result(conn)
        .await
}

/// Gives up the leases of a holder.
pub async fn release(conn: &mut Conn, holder: &str) -> QueryResult<()> {
    diesel::delete(leases::table).filter(leases::holder.eq(holder)).execute(conn).await?;
    Ok(())
}

/// Gives up one lease of a holder.
pub async fn release_one(conn: &mut Conn, name: &str, holder: &str) -> QueryResult<()> {
    diesel::delete(leases::table.find(name)).filter(leases::holder.eq(holder)).execute(conn).await?;
    Ok(())
}
