//! Escalations of tickets.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::escalation::{Escalation, EscalationReason, Packet};
use domain::trigger::Level;
use domain::{AgentId, Priority, ProjectId, Time, TriggerId};

use super::prepared::{Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::mapping::{At, Json, Named, json, micros, row};
use crate::tickets::{EscalationCount, NewEscalation};

diesel::table! {
    escalations (id) {
        id -> BigInt,
        project_id -> BigInt,
        ticket_id -> BigInt,
        session_id -> BigInt,
        from_line -> Integer,
        from_agent_id -> Nullable<BigInt>,
        from_team_id -> Nullable<BigInt>,
        level -> Text,
        to_team_id -> Nullable<BigInt>,
        to_agent_id -> Nullable<BigInt>,
        reason -> Text,
        trigger_id -> Nullable<BigInt>,
        firing_id -> Nullable<BigInt>,
        description -> Text,
        quick -> Bool,
        packet -> Nullable<Text>,
        by_agent_id -> Nullable<BigInt>,
        at -> BigInt,
        unnecessary -> Nullable<Bool>,
        judged_by -> Nullable<BigInt>,
        judgement_note -> Text,
        judged_at -> Nullable<BigInt>,
        priority -> Text,
    }
}

row! { EscalationRow of escalations is Escalation {
    id: i64,
    project_id: i64,
    ticket_id: i64,
    session_id: i64,
    from_line: i32,
    from_agent_id: Option<i64>,
    from_team_id: Option<i64>,
    level: Named<Level>,
    to_team_id: Option<i64>,
    to_agent_id: Option<i64>,
    reason: Named<EscalationReason>,
    trigger_id: Option<i64>,
    firing_id: Option<i64>,
    description: String,
    quick: bool,
    packet: Json<Packet>,
    by_agent_id: Option<i64>,
    at: At,
    unnecessary: Option<bool>,
    judged_by: Option<i64>,
    judgement_note: String,
    judged_at: Option<At>,
    priority: Named<Priority>,
} }

/// The escalations with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Escalation>> {
    let query = escalations::table.filter(dialect::one_of("escalations.id", ids)).select(EscalationRow::as_select());
    let rows: Vec<EscalationRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Escalation::from).collect())
}

/// The escalations of these tickets, oldest first.
pub async fn of_tickets(conn: &mut Conn, tickets: &[i64]) -> QueryResult<Vec<Escalation>> {
    let rows: Vec<EscalationRow> = escalations::table
        .filter(dialect::one_of("escalations.ticket_id", tickets))
        .order(escalations::id)
        .select(EscalationRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Escalation::from).collect())
}

/// Notes an escalation.
pub async fn insert(conn: &mut Conn, new: &NewEscalation) -> QueryResult<Escalation> {
    diesel::insert_into(escalations::table)
        .values((
            escalations::project_id.eq(new.project_id.0),
            escalations::ticket_id.eq(new.ticket_id.0),
            escalations::session_id.eq(new.session_id.0),
            escalations::from_line.eq(new.from_line),
            escalations::from_agent_id.eq(new.from.0.map(|id| id.0)),
            escalations::from_team_id.eq(new.from.1.map(|id| id.0)),
            escalations::level.eq(new.level.name()),
            escalations::to_team_id.eq(new.to.1.map(|id| id.0)),
            escalations::to_agent_id.eq(new.to.0.map(|id| id.0)),
            escalations::reason.eq(new.reason.name()),
            escalations::trigger_id.eq(new.fired.0.map(|id| id.0)),
            escalations::firing_id.eq(new.fired.1.map(|id| id.0)),
            escalations::description.eq(&new.description),
            escalations::quick.eq(new.quick),
            escalations::packet.eq(json(&new.packet)),
            (
                escalations::by_agent_id.eq(new.by.map(|id| id.0)),
                escalations::at.eq(micros(new.at)),
                escalations::judgement_note.eq(""),
                escalations::priority.eq(new.priority.name()),
            ),
        ))
        .returning(EscalationRow::as_select())
        .get_result(conn)
        .await
        .map(Escalation::from)
}

/// Writes what somebody thinks of an escalation.
pub async fn judge(conn: &mut Conn, escalation: &Escalation) -> QueryResult<()> {
    diesel::update(escalations::table.find(escalation.id.0))
        .set((
            escalations::unnecessary.eq(escalation.unnecessary),
            escalations::judged_by.eq(escalation.judged_by.map(|id| id.0)),
            escalations::judgement_note.eq(&escalation.judgement_note),
            escalations::judged_at.eq(escalation.judged_at.map(micros)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// How many escalations of a project there were from one time until another, by who escalated and by the trigger.
pub async fn counts(conn: &mut Conn, project: ProjectId, from: Time, to: Time) -> QueryResult<Vec<EscalationCount>> {
    let rows: Vec<(Option<i64>, Option<i64>, i64, i64, i64)> = escalations::table
        .filter(escalations::project_id.eq(project.0))
        .filter(escalations::at.ge(micros(from)).and(escalations::at.lt(micros(to))))
        .group_by((escalations::by_agent_id, escalations::trigger_id))
        .select((
            escalations::by_agent_id,
            escalations::trigger_id,
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("COUNT(CASE WHEN unnecessary THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE WHEN quick THEN 1 END)"),
        ))
        .load(conn)
        .await?;
    let count = |(agent, trigger, escalated, unnecessary, quick): (Option<i64>, Option<i64>, i64, i64, i64)| {
        let (agent_id, trigger_id) = (agent.map(AgentId), trigger.map(TriggerId));
        EscalationCount { agent_id, trigger_id, escalated, unnecessary, quick }
    };
    Ok(rows.into_iter().map(count).collect())
}

/// Forgets what went along with the escalations of these tickets, and what was said about them.
pub async fn erase(conn: &mut Conn, tickets: &[i64]) -> QueryResult<()> {
    diesel::update(escalations::table)
        .filter(dialect::one_of("escalations.ticket_id", tickets))
        .set((
            escalations::packet.eq(None::<String>),
            escalations::description.eq(""),
            escalations::judgement_note.eq(""),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
