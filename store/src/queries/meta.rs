//! Facts about the desk as a whole, each under its key.

use diesel::prelude::*;

use super::prepared::RunQueryDsl;
use super::schema::meta;
use super::{Conn, dialect};

/// The value under a key.
pub async fn get(conn: &mut Conn, key: &str) -> QueryResult<Option<String>> {
    meta::table.find(key).select(meta::value).first(conn).await.optional()
}

/// Sets the value under a key unless there is one, and answers the one that stands.
pub async fn settle(conn: &mut Conn, key: &str, value: &str) -> QueryResult<String> {
    diesel::insert_into(meta::table)
        .values((meta::key.eq(key), meta::value.eq(value)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    meta::table.find(key).select(meta::value).first(conn).await
}

/// Sets the value under a key.
pub async fn set(conn: &mut Conn, key: &str, value: &str) -> QueryResult<()> {
    diesel::insert_into(meta::table)
        .values((meta::key.eq(key), meta::value.eq(value)))
        .on_conflict(meta::key)
        .do_update()
        .set(meta::value.eq(value))
        .execute(conn)
        .await?;
    Ok(())
}

/// The time of the database in microseconds; fails if the database does not answer.
pub async fn now_micros(conn: &mut Conn) -> QueryResult<i64> {
    diesel::select(dialect::now_micros()).get_result(conn).await
}
