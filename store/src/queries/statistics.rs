//! What numbers are made of.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use domain::{AgentId, ProjectId, TeamId};

use super::escalations::escalations;
use super::prepared::RunQueryDsl;
use super::schema::messages;
use super::sla_clocks::sla_clocks;
use super::surveys::surveys;
use super::{Conn, dialect};
use crate::mapping::{IntoDomain, micros};
use crate::statistics::{MetricCount, Of, ReasonCount, ScoreCounts};

/// The first message of an agent in each of these sessions that has one, in no order.
pub async fn first_answers(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<i64>> {
    let rows: Vec<(i64, i64)> = messages::table
        .filter(dialect::one_of("messages.session_id", sessions))
        .filter(messages::author_id.is_not_null())
        .group_by(messages::session_id)
        .select((messages::session_id, sql::<BigInt>("MIN(messages.id)")))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(_, message)| message).collect())
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

macro_rules! score_counts {
    ($column:ident, $project:expr, $of:expr) => {
        surveys::table
            .filter(surveys::project_id.eq($project.0))
            .filter(surveys::rated_at.ge(micros($of.from)))
            .filter(surveys::rated_at.lt(micros($of.until)))
            .filter(is_if_asked!("surveys.agent_id", $of.agent_id))
            .filter(is_if_asked!("surveys.team_id", $of.team_id))
            .group_by(surveys::$column)
            .select((
                surveys::$column,
                sql::<BigInt>("COUNT(CASE score WHEN 1 THEN 1 END)"),
                sql::<BigInt>("COUNT(CASE score WHEN 2 THEN 1 END)"),
                sql::<BigInt>("COUNT(CASE score WHEN 3 THEN 1 END)"),
                sql::<BigInt>("COUNT(CASE score WHEN 4 THEN 1 END)"),
                sql::<BigInt>("COUNT(CASE score WHEN 5 THEN 1 END)"),
            ))
    };
}

type ScoreRow = (Option<i64>, i64, i64, i64, i64, i64);

/// How many stars each agent is credited with.
pub async fn scores_of_agents(
    conn: &mut Conn,
    project: ProjectId,
    of: Of,
) -> QueryResult<Vec<(Option<AgentId>, ScoreCounts)>> {
    let rows: Vec<ScoreRow> = score_counts!(agent_id, project, of).load(conn).await?;
    Ok(rows
        .into_iter()
        .map(|(agent, one, two, three, four, five)| (agent.into_domain(), [one, two, three, four, five]))
        .collect())
}

/// How many stars each team is credited with.
pub async fn scores_of_teams(
    conn: &mut Conn,
    project: ProjectId,
    of: Of,
) -> QueryResult<Vec<(Option<TeamId>, ScoreCounts)>> {
    let rows: Vec<ScoreRow> = score_counts!(team_id, project, of).load(conn).await?;
    Ok(rows
        .into_iter()
        .map(|(team, one, two, three, four, five)| (team.into_domain(), [one, two, three, four, five]))
        .collect())
}

/// How often something was escalated for each reason, the most frequent first.
pub async fn escalation_reasons(conn: &mut Conn, project: ProjectId, of: Of) -> QueryResult<Vec<ReasonCount>> {
    let rows: Vec<(String, i64)> = escalations::table
        .filter(escalations::project_id.eq(project.0))
        .filter(escalations::at.ge(micros(of.from)))
        .filter(escalations::at.lt(micros(of.until)))
        .filter(is_if_asked!("escalations.from_agent_id", of.agent_id))
        .filter(is_if_asked!("escalations.from_team_id", of.team_id))
        .group_by(escalations::reason)
        .select((escalations::reason, sql::<BigInt>("COUNT(*)")))
        .load(conn)
        .await?;
    let mut counts: Vec<ReasonCount> = rows.into_iter().map(|(reason, count)| ReasonCount { reason, count }).collect();
    counts.sort_by(|one, other| (other.count, &one.reason).cmp(&(one.count, &other.reason)));
    Ok(counts)
}

/// How often each agent escalated something.
pub async fn escalations_of_agents(
    conn: &mut Conn,
    project: ProjectId,
    of: Of,
) -> QueryResult<Vec<(Option<AgentId>, i64)>> {
    let rows: Vec<(Option<i64>, i64)> = escalations::table
        .filter(escalations::project_id.eq(project.0))
        .filter(escalations::at.ge(micros(of.from)))
        .filter(escalations::at.lt(micros(of.until)))
        .filter(is_if_asked!("escalations.from_agent_id", of.agent_id))
        .filter(is_if_asked!("escalations.from_team_id", of.team_id))
        .group_by(escalations::from_agent_id)
        .select((escalations::from_agent_id, sql::<BigInt>("COUNT(*)")))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, count)| (agent.into_domain(), count)).collect())
}

/// How often something of each team was escalated.
pub async fn escalations_of_teams(
    conn: &mut Conn,
    project: ProjectId,
    of: Of,
) -> QueryResult<Vec<(Option<TeamId>, i64)>> {
    let rows: Vec<(Option<i64>, i64)> = escalations::table
        .filter(escalations::project_id.eq(project.0))
        .filter(escalations::at.ge(micros(of.from)))
        .filter(escalations::at.lt(micros(of.until)))
        .filter(is_if_asked!("escalations.from_agent_id", of.agent_id))
        .filter(is_if_asked!("escalations.from_team_id", of.team_id))
        .group_by(escalations::from_team_id)
        .select((escalations::from_team_id, sql::<BigInt>("COUNT(*)")))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(team, count)| (team.into_domain(), count)).collect())
}

/// How many of the promises of each metric that ended were met and how many were missed. Those that were given up count for
/// neither.
pub async fn compliance(conn: &mut Conn, project: ProjectId, of: Of) -> QueryResult<Vec<MetricCount>> {
    let of_session = sql::<Bool>("EXISTS (SELECT 1 FROM sessions WHERE sessions.id = sla_clocks.session_id AND (")
        .bind::<Nullable<BigInt>, _>(of.agent_id.map(|id| id.0))
        .sql(" IS NULL OR sessions.assignee_id = ")
        .bind::<Nullable<BigInt>, _>(of.agent_id.map(|id| id.0))
        .sql(") AND (")
        .bind::<Nullable<BigInt>, _>(of.team_id.map(|id| id.0))
        .sql(" IS NULL OR sessions.team_id = ")
        .bind::<Nullable<BigInt>, _>(of.team_id.map(|id| id.0))
        .sql("))");
    let rows: Vec<(String, i64, i64)> = sla_clocks::table
        .filter(sla_clocks::project_id.eq(project.0))
        .filter(sla_clocks::ended_at.ge(micros(of.from)))
        .filter(sla_clocks::ended_at.lt(micros(of.until)))
        .filter(of_session)
        .group_by(sla_clocks::metric)
        .select((
            sla_clocks::metric,
            sql::<BigInt>("COUNT(CASE state WHEN 'ACHIEVED' THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE state WHEN 'BREACHED' THEN 1 END)"),
        ))
        .load(conn)
        .await?;
    let mut counts: Vec<MetricCount> =
        rows.into_iter().map(|(metric, met, missed)| MetricCount { metric, met, missed }).collect();
    counts.sort_by(|one, other| one.metric.cmp(&other.metric));
    Ok(counts)
}
