//! Who does what only one process may do at a time. The times are those of the database, so
//! that the clocks of the processes need not agree.

use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl as _;

use super::prepared::RunQueryDsl;
use super::schema::leases;
use super::{Conn, meta};

/// Takes or renews a lease. Answers whether this holder has it now.
pub async fn acquire(conn: &mut Conn, name: &str, holder: &str, ttl_micros: i64) -> QueryResult<bool> {
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

/// Voids every lease. Only for an engine that serves one process, when that starts.
pub async fn void_all(conn: &mut Conn) -> QueryResult<()> {
    diesel::delete(leases::table).execute(conn).await?;
    Ok(())
}
