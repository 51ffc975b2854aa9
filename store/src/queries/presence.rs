//! Who follows a project at the moment. Each process keeps account of those who do so through it.

use diesel::dsl::{max, min};
use diesel::prelude::*;
use domain::{AgentId, ProjectId, Time};

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::agents;
use crate::mapping::{At, micros};
use crate::presence::Present;

diesel::table! {
    presence (holder, project_id, agent_id) {
        holder -> Text,
        project_id -> BigInt,
        agent_id -> BigInt,
        since -> BigInt,
        last_seen -> BigInt,
        live -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(presence, agents);

/// The agents who were seen in a project after a time, in ascending order.
pub async fn present(conn: &mut Conn, project: ProjectId, after: Time) -> QueryResult<Vec<Present>> {
    let rows: Vec<(i64, Option<At>, Option<At>)> = presence::table
        .filter(presence::project_id.eq(project.0))
        .filter(presence::last_seen.gt(micros(after)))
        .group_by(presence::agent_id)
        .order(presence::agent_id)
        .select((presence::agent_id, min(presence::since), max(presence::last_seen)))
        .load(conn)
        .await?;
    let present = |(agent, since, last_seen): (i64, Option<At>, Option<At>)| {
        Some(Present { agent_id: AgentId(agent), since: since?.0, last_seen: last_seen?.0 })
    };
    Ok(rows.into_iter().filter_map(present).collect())
}

/// The active agents who were seen anywhere after a time, each with their project. Who was deactivated is gone at once.
pub async fn present_anywhere(conn: &mut Conn, after: Time) -> QueryResult<Vec<(ProjectId, Present)>> {
    let active = agents::table.filter(agents::active.eq(true)).select(agents::id);
    let rows: Vec<(i64, i64, Option<At>, Option<At>)> = presence::table
        .filter(presence::last_seen.gt(micros(after)))
        .filter(presence::agent_id.eq_any(active))
        .group_by((presence::project_id, presence::agent_id))
        .select((presence::project_id, presence::agent_id, min(presence::since), max(presence::last_seen)))
        .load(conn)
        .await?;
    let present = |(project, agent, since, last_seen): (i64, i64, Option<At>, Option<At>)| {
        Some((ProjectId(project), Present { agent_id: AgentId(agent), since: since?.0, last_seen: last_seen?.0 }))
    };
    Ok(rows.into_iter().filter_map(present).collect())
}

/// Notes that an agent follows a project through a process.
pub async fn begin(
    conn: &mut Conn,
    holder: &str,
    project: ProjectId,
    agent: AgentId,
    since: Time,
    now: Time,
) -> QueryResult<()> {
    let seen = (presence::since.eq(micros(since)), presence::last_seen.eq(micros(now)), presence::live.eq(true));
    diesel::insert_into(presence::table)
        .values((presence::holder.eq(holder), presence::project_id.eq(project.0), presence::agent_id.eq(agent.0), seen))
        .on_conflict((presence::holder, presence::project_id, presence::agent_id))
        .do_update()
        .set(seen)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that an agent follows a project no longer through a process.
pub async fn end(conn: &mut Conn, holder: &str, project: ProjectId, agent: AgentId, now: Time) -> QueryResult<()> {
    diesel::update(presence::table.find((holder, project.0, agent.0)))
        .set((presence::last_seen.eq(micros(now)), presence::live.eq(false)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that all who follow a project through a process still do.
pub async fn renew(conn: &mut Conn, holder: &str, now: Time) -> QueryResult<usize> {
    diesel::update(presence::table)
        .filter(presence::holder.eq(holder))
        .filter(presence::live.eq(true))
        .set(presence::last_seen.eq(micros(now)))
        .execute(conn)
        .await
}

/// Forgets those who were last seen before a time.
pub async fn purge(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    diesel::delete(presence::table).filter(presence::last_seen.lt(micros(before))).execute(conn).await
}
