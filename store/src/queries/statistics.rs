//! What numbers are made of.

use chrono::Duration;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use domain::escalation::{EscalationReason, Share};
use domain::sla::Metric;
use domain::statistics::{Compliance, Whose};
use domain::{AgentId, ProjectId, Session, TeamId, Time, TimeRange};

use super::Conn;
use super::escalations::escalations;
use super::prepared::RunQueryDsl;
use super::schema::sessions;
use super::sla_clocks::sla_clocks;
use super::surveys::surveys;
use crate::mapping::{Json, Named, micros};
use crate::statistics::{Of, Scores};

/// The columns of what was done in a session.
struct Done {
    at: &'static str,
    by: &'static str,
    team: &'static str,
}

const ANSWERED: Done = Done { at: "answered_at", by: "answered_by", team: "answered_team_id" };
const CONCLUDED: Done = Done { at: "concluded_at", by: "concluded_by", team: "concluded_team_id" };

/// The team for which an agent works in a session that is for none, as SQL: the only one of the project that they are in.
pub(super) fn only_team(agent: &str, project: &str) -> String {
    format!(
        "(SELECT CASE WHEN COUNT(*) = 1 THEN MIN(teams.id) END FROM team_members \
         JOIN teams ON teams.id = team_members.team_id WHERE team_members.agent_id = {agent} \
         AND teams.project_id = {project} AND teams.deleted_at IS NULL)"
    )
}

#[derive(QueryableByName)]
struct TeamRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    team_id: Option<i64>,
}

/// The team for which an agent does something now in a session that is for this one, or for none.
pub async fn team_of_work(
    conn: &mut Conn,
    project: ProjectId,
    team: Option<TeamId>,
    agent: Option<AgentId>,
) -> QueryResult<Option<TeamId>> {
    let row: TeamRow = diesel::sql_query(format!("SELECT COALESCE($1, {}) AS team_id", only_team("$2", "$3")))
        .bind::<Nullable<BigInt>, _>(team.map(|id| id.0))
        .bind::<Nullable<BigInt>, _>(agent.map(|id| id.0))
        .bind::<BigInt, _>(project.0)
        .get_result(conn)
        .await?;
    Ok(row.team_id.map(TeamId))
}

/// Notes who answered a session, and the team for which they did, unless somebody has answered it before.
pub async fn note_first_answer(conn: &mut Conn, session: &Session, by: Option<AgentId>, at: Time) -> QueryResult<()> {
    note(conn, session, &ANSWERED, (by, at), "session_work.answered_at IS NULL").await
}

/// Notes who had a session when the work on it was over, and for which team, unless that is known.
pub async fn note_conclusion(conn: &mut Conn, session: &Session, by: Option<AgentId>, at: Time) -> QueryResult<()> {
    let is_news = "session_work.concluded_at IS NULL OR session_work.concluded_at <> excluded.concluded_at";
    note(conn, session, &CONCLUDED, (by, at), is_news).await
}

async fn note(
    conn: &mut Conn,
    session: &Session,
    done: &Done,
    (by_agent, done_at): (Option<AgentId>, Time),
    is_news: &str,
) -> QueryResult<()> {
    let Done { at, by, team } = done;
    diesel::sql_query(format!(
        "INSERT INTO session_work (session_id, project_id, started_at, {at}, {by}, {team}) \
         VALUES ($1, $2, $3, $4, $5, COALESCE($6, {})) ON CONFLICT (session_id) DO UPDATE SET {at} = excluded.{at}, \
         {by} = excluded.{by}, {team} = excluded.{team} WHERE {is_news}",
        only_team("$5", "$2")
    ))
    .bind::<BigInt, _>(session.id.0)
    .bind::<BigInt, _>(session.project_id.0)
    .bind::<BigInt, _>(micros(session.created_at))
    .bind::<BigInt, _>(micros(done_at))
    .bind::<Nullable<BigInt>, _>(by_agent.map(|id| id.0))
    .bind::<Nullable<BigInt>, _>(session.team_id.map(|id| id.0))
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct ManyRow {
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// How many sessions of a project that started in a range somebody has worked on, counted no further than to a number.
pub async fn worked_sessions(conn: &mut Conn, project: ProjectId, range: TimeRange, most: i64) -> QueryResult<i64> {
    let row: ManyRow = diesel::sql_query(
        "SELECT COUNT(*) AS many FROM (SELECT session_id FROM session_work WHERE project_id = $1 \
         AND started_at >= $2 AND started_at < $3 LIMIT $4) AS found",
    )
    .bind::<BigInt, _>(project.0)
    .bind::<BigInt, _>(micros(range.start()))
    .bind::<BigInt, _>(micros(range.end()))
    .bind::<BigInt, _>(most)
    .get_result(conn)
    .await?;
    Ok(row.many)
}

#[derive(QueryableByName)]
struct TimeRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    agent_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    team_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    seconds: i64,
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// How long sessions that started in the range waited for their first answer, in whole seconds, each time with how often
/// there was one.
pub async fn first_responses(
    conn: &mut Conn,
    project: ProjectId,
    of: Of,
) -> QueryResult<Vec<(Whose, (Duration, i64))>> {
    times(conn, project, of, &ANSWERED).await
}

/// The same of the end of the work on them.
pub async fn handling_times(conn: &mut Conn, project: ProjectId, of: Of) -> QueryResult<Vec<(Whose, (Duration, i64))>> {
    times(conn, project, of, &CONCLUDED).await
}

async fn times(conn: &mut Conn, project: ProjectId, of: Of, done: &Done) -> QueryResult<Vec<(Whose, (Duration, i64))>> {
    let Done { at, by, team } = done;
    let rows: Vec<TimeRow> = diesel::sql_query(format!(
        "SELECT {by} AS agent_id, {team} AS team_id, ({at} - started_at) / 1000000 AS seconds, COUNT(*) AS many \
         FROM session_work WHERE project_id = $1 AND started_at >= $2 AND started_at < $3 AND {at} IS NOT NULL \
         AND ($4 IS NULL OR {by} = $4) AND ($5 IS NULL OR {team} = $5) \
         GROUP BY {by}, {team}, ({at} - started_at) / 1000000"
    ))
    .bind::<BigInt, _>(project.0)
    .bind::<BigInt, _>(micros(of.range.start()))
    .bind::<BigInt, _>(micros(of.range.end()))
    .bind::<Nullable<BigInt>, _>(of.agent_id.map(|id| id.0))
    .bind::<Nullable<BigInt>, _>(of.team_id.map(|id| id.0))
    .load(conn)
    .await?;
    let time = |row: TimeRow| (whose(row.agent_id, row.team_id), (Duration::seconds(row.seconds), row.many));
    Ok(rows.into_iter().map(time).collect())
}

fn whose(agent: Option<i64>, team: Option<i64>) -> Whose {
    Whose { agent_id: agent.map(AgentId), team_id: team.map(TeamId) }
}

/// A condition that what a column names is this, if it has to be anything.
macro_rules! is_if_asked {
    ($column:literal, $asked:expr) => {
        sql::<Bool>("(")
            .bind::<Nullable<BigInt>, _>($asked.map(|id| id.0))
            .sql(concat!(" IS NULL OR ", $column, " = "))
            .bind::<Nullable<BigInt>, _>($asked.map(|id| id.0))
            .sql(")")
    };
}

type ScoreRow = (Option<i64>, Option<i64>, Json<Vec<AgentId>>, i64, i64, i64, i64, i64);

/// How many stars were given in the range, by who is credited with them. Those of all agents.
pub async fn scores(conn: &mut Conn, project: ProjectId, of: Of) -> QueryResult<Vec<Scores>> {
    let rows: Vec<ScoreRow> = surveys::table
        .filter(surveys::project_id.eq(project.0))
        .filter(surveys::rated_at.ge(micros(of.range.start())))
        .filter(surveys::rated_at.lt(micros(of.range.end())))
        .filter(is_if_asked!("surveys.team_id", of.team_id))
        .group_by((surveys::agent_id, surveys::team_id, surveys::supervisor_ids))
        .select((
            surveys::agent_id,
            surveys::team_id,
            surveys::supervisor_ids,
            sql::<BigInt>("COUNT(CASE score WHEN 1 THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE score WHEN 2 THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE score WHEN 3 THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE score WHEN 4 THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE score WHEN 5 THEN 1 END)"),
        ))
        .load(conn)
        .await?;
    let scores = |(agent, team, supervisors, one, two, three, four, five): ScoreRow| Scores {
        whose: whose(agent, team),
        supervisor_ids: supervisors.0,
        counts: [one, two, three, four, five],
    };
    Ok(rows.into_iter().map(scores).collect())
}

type EscalationRow = (Option<i64>, Option<i64>, Named<EscalationReason>, i64);

/// How often something was escalated in the range, by whom and for which reason.
pub async fn escalation_figures(
    conn: &mut Conn,
    project: ProjectId,
    of: Of,
) -> QueryResult<Vec<(Whose, EscalationReason, i64)>> {
    let rows: Vec<EscalationRow> = escalations::table
        .filter(escalations::project_id.eq(project.0))
        .filter(escalations::at.ge(micros(of.range.start())))
        .filter(escalations::at.lt(micros(of.range.end())))
        .filter(is_if_asked!("escalations.by_agent_id", of.agent_id))
        .filter(is_if_asked!("escalations.by_team_id", of.team_id))
        .group_by((escalations::by_agent_id, escalations::by_team_id, escalations::reason))
        .select((escalations::by_agent_id, escalations::by_team_id, escalations::reason, sql::<BigInt>("COUNT(*)")))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, team, reason, count)| (whose(agent, team), reason.0, count)).collect())
}

type ComplianceRow = (Option<i64>, Option<i64>, Named<Metric>, i64, i64);

/// How many promises of each metric, of which that was known in the range, were kept and missed.
pub async fn compliance(conn: &mut Conn, project: ProjectId, of: Of) -> QueryResult<Vec<(Whose, Metric, Compliance)>> {
    let rows: Vec<ComplianceRow> = sla_clocks::table
        .filter(sla_clocks::project_id.eq(project.0))
        .filter(sla_clocks::settled_at.ge(micros(of.range.start())))
        .filter(sla_clocks::settled_at.lt(micros(of.range.end())))
        .filter(sql::<Bool>("state <> 'CANCELLED'"))
        .filter(is_if_asked!("sla_clocks.settled_agent_id", of.agent_id))
        .filter(is_if_asked!("sla_clocks.settled_team_id", of.team_id))
        .group_by((sla_clocks::settled_agent_id, sla_clocks::settled_team_id, sla_clocks::metric))
        .select((
            sla_clocks::settled_agent_id,
            sla_clocks::settled_team_id,
            sla_clocks::metric,
            sql::<BigInt>("COUNT(CASE WHEN state = 'ACHIEVED' THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE WHEN state <> 'ACHIEVED' THEN 1 END)"),
        ))
        .load(conn)
        .await?;
    let kept = |(agent, team, metric, met, missed): (_, _, Named<Metric>, _, _)| {
        (whose(agent, team), metric.0, Compliance { met, missed })
    };
    Ok(rows.into_iter().map(kept).collect())
}

/// How many sessions of a project started in a range, and how many of them were escalated by now.
pub async fn escalation_share(conn: &mut Conn, project: ProjectId, range: TimeRange) -> QueryResult<Share> {
    let sessions: i64 = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(sessions::created_at.ge(micros(range.start())))
        .filter(sessions::created_at.lt(micros(range.end())))
        .count()
        .get_result(conn)
        .await?;
    let escalated: ManyRow = diesel::sql_query(
        "SELECT COUNT(DISTINCT escalations.session_id) AS many FROM escalations \
         JOIN sessions ON sessions.id = escalations.session_id WHERE escalations.project_id = $1 \
         AND escalations.at >= $2 AND sessions.created_at >= $2 AND sessions.created_at < $3",
    )
    .bind::<BigInt, _>(project.0)
    .bind::<BigInt, _>(micros(range.start()))
    .bind::<BigInt, _>(micros(range.end()))
    .get_result(conn)
    .await?;
    Ok(Share { sessions, escalated: escalated.many })
}

#[derive(QueryableByName)]
struct ShareRow {
    #[diesel(sql_type = BigInt)]
    agent_id: i64,
    #[diesel(sql_type = BigInt)]
    sessions: i64,
    #[diesel(sql_type = BigInt)]
    escalated: i64,
}

/// On how many sessions that started in a range each agent has worked by now, by an answer, to the end or by escalating
/// them, and how many of them they escalated.
pub async fn escalation_shares_of_agents(
    conn: &mut Conn,
    project: ProjectId,
    range: TimeRange,
) -> QueryResult<Vec<(AgentId, Share)>> {
    let rows: Vec<ShareRow> = diesel::sql_query(
        "SELECT agent_id, COUNT(*) AS sessions, SUM(escalated) AS escalated FROM (\
         SELECT agent_id, session_id, MAX(escalated) AS escalated FROM (\
         SELECT answered_by AS agent_id, session_id, 0 AS escalated FROM session_work \
         WHERE project_id = $1 AND started_at >= $2 AND started_at < $3 AND answered_by IS NOT NULL \
         UNION ALL SELECT concluded_by, session_id, 0 FROM session_work \
         WHERE project_id = $1 AND started_at >= $2 AND started_at < $3 AND concluded_by IS NOT NULL \
         UNION ALL SELECT escalations.by_agent_id, escalations.session_id, 1 FROM escalations \
         JOIN sessions ON sessions.id = escalations.session_id WHERE escalations.project_id = $1 \
         AND escalations.at >= $2 AND sessions.created_at >= $2 AND sessions.created_at < $3 \
         AND escalations.by_agent_id IS NOT NULL) AS one GROUP BY agent_id, session_id) AS found GROUP BY agent_id",
    )
    .bind::<BigInt, _>(project.0)
    .bind::<BigInt, _>(micros(range.start()))
    .bind::<BigInt, _>(micros(range.end()))
    .load(conn)
    .await?;
    let share = |row: ShareRow| (AgentId(row.agent_id), Share { sessions: row.sessions, escalated: row.escalated });
    Ok(rows.into_iter().map(share).collect())
}

#[derive(QueryableByName)]
struct SpanRow {
    #[diesel(sql_type = BigInt)]
    seconds: i64,
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// How long it took from the first escalation of a ticket in a range to its resolution, in whole seconds, each time with how
/// often there was one. Tickets that are not resolved are left out.
pub async fn times_after_escalation(
    conn: &mut Conn,
    project: ProjectId,
    range: TimeRange,
) -> QueryResult<Vec<(Duration, i64)>> {
    let rows: Vec<SpanRow> = diesel::sql_query(
        "SELECT seconds, COUNT(*) AS many FROM (\
         SELECT (tickets.resolved_at - MIN(escalations.at)) / 1000000 AS seconds FROM escalations \
         JOIN tickets ON tickets.id = escalations.ticket_id WHERE escalations.project_id = $1 \
         AND escalations.at >= $2 AND escalations.at < $3 AND tickets.resolved_at IS NOT NULL \
         GROUP BY escalations.ticket_id, tickets.resolved_at) AS found GROUP BY seconds",
    )
    .bind::<BigInt, _>(project.0)
    .bind::<BigInt, _>(micros(range.start()))
    .bind::<BigInt, _>(micros(range.end()))
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (Duration::seconds(row.seconds), row.many)).collect())
}
