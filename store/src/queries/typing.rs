//! Who is writing in which session.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::{AgentId, ChatId, ProjectId, SessionId, Time};

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::outbox;
use crate::mapping::micros;

diesel::table! {
    typing (session_id, agent_id) { session_id -> BigInt, agent_id -> BigInt, until -> BigInt, relayed_at -> BigInt, }
}

/// Notes that an agent is writing. Answers whether the customer was not told so after `relayed_before`, which is noted as
/// well.
pub async fn note(
    conn: &mut Conn,
    session: SessionId,
    agent: AgentId,
    until: Time,
    now: Time,
    relayed_before: Time,
) -> QueryResult<bool> {
    let row = || typing::table.find((session.0, agent.0));
    let until = typing::until.eq(micros(until));
    let begun = diesel::insert_into(typing::table)
        .values((
            typing::session_id.eq(session.0),
            typing::agent_id.eq(agent.0),
            until,
            typing::relayed_at.eq(micros(now)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    if begun > 0 {
        return Ok(true);
    }
    diesel::update(row()).set(until).execute(conn).await?;
    let relayed = diesel::update(row().filter(typing::relayed_at.le(micros(relayed_before))))
        .set(typing::relayed_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(relayed > 0)
}

/// Notes that an agent is writing no more. When the customer was last told stays known.
pub async fn end(conn: &mut Conn, session: SessionId, agent: AgentId, now: Time) -> QueryResult<()> {
    diesel::update(typing::table.find((session.0, agent.0))).set(typing::until.eq(micros(now))).execute(conn).await?;
    Ok(())
}

/// Who is writing at a time.
pub async fn at(conn: &mut Conn, time: Time) -> QueryResult<Vec<(SessionId, AgentId)>> {
    let rows: Vec<(i64, i64)> = typing::table
        .filter(typing::until.gt(micros(time)))
        .select((typing::session_id, typing::agent_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(session, agent)| (SessionId(session), AgentId(agent))).collect())
}

/// Forgets who was writing before a time.
pub async fn purge(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(typing::table).filter(typing::until.lt(micros(before))).execute(conn).await
}

/// Whether a call of this method to a chat waits that keeps no order.
pub async fn is_call_waiting(conn: &mut Conn, project: ProjectId, chat: ChatId, method: &str) -> QueryResult<bool> {
    let waiting: Option<i64> = outbox::table
        .filter(outbox::project_id.eq(project.0))
        // In the words of the index over them.
        .filter(sql::<Bool>("outbox.lane = 50 AND outbox.state = 'QUEUED'"))
        .filter(outbox::chat_id.eq(chat.0))
        .filter(outbox::method.eq(method))
        .select(outbox::id)
        .first(conn)
        .await
        .optional()?;
    Ok(waiting.is_some())
}
