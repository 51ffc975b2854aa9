//! Escalations of tickets.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::escalation::{Escalation, EscalationReason, EscalationTarget, Packet};
use domain::filter::Page;
use domain::trigger::Level;
use domain::{AgentId, Priority, ProjectId, SessionId, TeamId, TicketId, TimeRange, TriggerId};

use super::prepared::{Prepared, RunQueryDsl};
use super::statistics::team_of_work;
use super::tickets::tickets;
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
        to_administrators -> Bool,
        reason -> Text,
        trigger_id -> Nullable<BigInt>,
        firing_id -> Nullable<BigInt>,
        description -> Text,
        quick -> Bool,
        packet -> Nullable<Text>,
        by_agent_id -> Nullable<BigInt>,
        by_team_id -> Nullable<BigInt>,
        at -> BigInt,
        unnecessary -> Nullable<Bool>,
        judged_by -> Nullable<BigInt>,
        judgement_note -> Text,
        judged_at -> Nullable<BigInt>,
        priority -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(escalations, tickets);

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
    let query = escalations::table.filter(dialect::looked_up("escalations.id", ids)).select(EscalationRow::as_select());
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

/// One page of the escalations of a ticket, oldest first, in the order of reading from the asked end.
pub async fn page(conn: &mut Conn, ticket: TicketId, page: Page<i64>) -> QueryResult<Vec<Escalation>> {
    let mut query = escalations::table
        .filter(escalations::ticket_id.eq(ticket.0))
        .select(EscalationRow::as_select())
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(escalations::id.gt(after));
    }
    if let Some(before) = page.before {
        query = query.filter(escalations::id.lt(before));
    }
    query = if page.from_end { query.order(escalations::id.desc()) } else { query.order(escalations::id.asc()) };
    let rows: Vec<EscalationRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Escalation::from).collect())
}

/// How often a ticket was escalated.
pub async fn count_of(conn: &mut Conn, ticket: TicketId) -> QueryResult<i64> {
    escalations::table.filter(escalations::ticket_id.eq(ticket.0)).count().get_result(conn).await
}

/// Where each of these sessions was escalated to, the last one last, by its tickets that are not resolved.
pub async fn targets(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<(SessionId, EscalationTarget)>> {
    let rows: Vec<(i64, Option<i64>, Option<i64>, bool)> = escalations::table
        .inner_join(tickets::table.on(tickets::id.eq(escalations::ticket_id)))
        .filter(dialect::one_of("tickets.session_id", sessions))
        .filter(sql::<Bool>("tickets.status <> 'RESOLVED'"))
        .order(escalations::id)
        .select((
            tickets::session_id,
            escalations::to_agent_id,
            escalations::to_team_id,
            escalations::to_administrators,
        ))
        .load(conn)
        .await?;
    let target = |(session, agent, team, to_administrators): (i64, Option<i64>, Option<i64>, bool)| {
        let target = EscalationTarget::of(agent.map(AgentId), team.map(TeamId), to_administrators)?;
        Some((SessionId(session), target))
    };
    Ok(rows.into_iter().filter_map(target).collect())
}

/// Notes an escalation.
pub async fn insert(conn: &mut Conn, new: &NewEscalation) -> QueryResult<Escalation> {
    let (to_agent, to_team) = new.target.parties();
    let to_administrators = matches!(new.target, EscalationTarget::Administrator { .. });
    let by_team = match new.by {
        Some(_) => team_of_work(conn, new.project_id, new.from.1, new.by).await?,
        None => None,
    };
    diesel::insert_into(escalations::table)
        .values((
            escalations::project_id.eq(new.project_id.0),
            escalations::ticket_id.eq(new.ticket_id.0),
            escalations::session_id.eq(new.session_id.0),
            escalations::from_line.eq(new.from_line),
            escalations::from_agent_id.eq(new.from.0.map(|id| id.0)),
            escalations::from_team_id.eq(new.from.1.map(|id| id.0)),
            escalations::level.eq(new.level.name()),
            escalations::to_team_id.eq(to_team.map(|id| id.0)),
            escalations::to_agent_id.eq(to_agent.map(|id| id.0)),
            escalations::reason.eq(new.reason.name()),
            escalations::trigger_id.eq(new.fired.0.map(|id| id.0)),
            escalations::firing_id.eq(new.fired.1.map(|id| id.0)),
            escalations::description.eq(&new.description),
            escalations::quick.eq(new.quick),
            escalations::packet.eq(json(&new.packet)),
            (
                escalations::to_administrators.eq(to_administrators),
                escalations::by_agent_id.eq(new.by.map(|id| id.0)),
                escalations::by_team_id.eq(by_team.map(|id| id.0)),
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

/// How many escalations of a project there were in a range, by who escalated and by the trigger.
pub async fn counts(conn: &mut Conn, project: ProjectId, range: TimeRange) -> QueryResult<Vec<EscalationCount>> {
    type Row = (Option<i64>, Option<i64>, i64, i64, i64, i64);
    let rows: Vec<Row> = escalations::table
        .filter(escalations::project_id.eq(project.0))
        .filter(escalations::at.ge(micros(range.start())).and(escalations::at.lt(micros(range.end()))))
        .group_by((escalations::by_agent_id, escalations::trigger_id))
        .select((
            escalations::by_agent_id,
            escalations::trigger_id,
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("COUNT(unnecessary)"),
            sql::<BigInt>("COUNT(CASE WHEN unnecessary THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE WHEN quick THEN 1 END)"),
        ))
        .load(conn)
        .await?;
    let count = |(agent, trigger, escalated, judged, unnecessary, quick): Row| {
        let (agent_id, trigger_id) = (agent.map(AgentId), trigger.map(TriggerId));
        EscalationCount { agent_id, trigger_id, escalated, judged, unnecessary, quick }
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
