//! What each agent has seen of each session.

use diesel::prelude::*;
use domain::{AgentId, SessionId};

use super::prepared::RunQueryDsl;
use super::schema::session_views;
use super::{Conn, dialect};

/// How many inbound messages of each session the agent has seen. Sessions that the agent has
/// never viewed are left out.
pub async fn seen(conn: &mut Conn, agent: AgentId, sessions: &[i64]) -> QueryResult<Vec<(SessionId, i64)>> {
    let rows: Vec<(i64, i64)> = session_views::table
        .filter(dialect::one_of("session_views.session_id", sessions))
        .filter(session_views::agent_id.eq(agent.0))
        .select((session_views::session_id, session_views::inbound_seen))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(session, seen)| (SessionId(session), seen)).collect())
}

/// Notes that the agent has seen this many inbound messages of a session.
pub async fn mark(conn: &mut Conn, session: SessionId, agent: AgentId, inbound_seen: i64) -> QueryResult<()> {
    diesel::insert_into(session_views::table)
        .values((
            session_views::session_id.eq(session.0),
            session_views::agent_id.eq(agent.0),
            session_views::inbound_seen.eq(inbound_seen),
        ))
        .on_conflict((session_views::session_id, session_views::agent_id))
        .do_update()
        .set(session_views::inbound_seen.eq(inbound_seen))
        .execute(conn)
        .await?;
    Ok(())
}
