//! An event log that was restored from a dump into another server.
//!
//! The order of the log is made of transaction ids, and another server counts its own anew: the
//! events of old would be hidden until it has counted as far, and then come up among new ones.

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult, RunQueryDsl};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

use super::Conn;
use crate::events::FACTS;

/// Puts the events of another server before everything that this one writes, in the order of
/// their sequence numbers, and makes the cursors into the log void. Does nothing to a log of
/// this server.
pub(crate) fn renumber(conn: &mut AsyncConnectionWrapper<Conn>) -> QueryResult<()> {
    conn.transaction(|conn| {
        let of_another_server = "SELECT FROM events WHERE tx >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
        let renumber = format!("UPDATE events SET tx = 0 WHERE EXISTS ({of_another_server})");
        let events = diesel::sql_query(renumber).execute(conn)?;
        if events > 0 {
            tracing::warn!(events, "the event log comes from another server; its cursors are void now");
            let facts = FACTS.map(|fact| format!("'{fact}'")).join(", ");
            conn.batch_execute(&format!("DELETE FROM meta WHERE key IN ({facts})"))?;
        }
        Ok(())
    })
}
