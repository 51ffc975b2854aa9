//! The event log.

use diesel::prelude::*;
use domain::event::{NewEvent, TicketEvent};
use domain::ticket::TicketAudience;
use domain::visibility::{Audience, People};
use domain::{
    AgentId, CustomerId, Event, EventKind, MessageId, Position, ProjectId, SessionId, SlaClockId, TicketId, Time,
    TodoId,
};

use super::prepared::RunQueryDsl;
use super::schema::events;
use super::{Conn, Db, dialect};
use crate::events::Scope;
use crate::mapping::{At, IntoDomain, Json, Named, micros, plain_json};

/// An event as it is written. For whom its session goes on the statement itself takes from the session, so that no
/// writer can get it wrong.
pub(crate) struct EventInsert {
    pub(crate) project_id: i64,
    pub(crate) kind: &'static str,
    pub(crate) session_id: i64,
    pub(crate) customer_id: i64,
    pub(crate) message_id: Option<i64>,
    pub(crate) cause: &'static str,
    pub(crate) at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) audience_before: Option<String>,
    pub(crate) ticket_id: Option<i64>,
    pub(crate) ticket_audience_before: Option<String>,
    pub(crate) clock_id: Option<i64>,
    pub(crate) todo_id: Option<i64>,
}

impl EventInsert {
    fn new(event: &NewEvent, recorded_at: Time) -> Self {
        Self {
            project_id: event.project_id.0,
            kind: event.kind.name(),
            session_id: event.session_id.0,
            customer_id: event.customer_id.0,
            message_id: event.message_id.map(|id| id.0),
            cause: event.cause.name(),
            at: micros(event.at),
            recorded_at: micros(recorded_at),
            // An audience of everybody is one, too, and not the same as none.
            audience_before: event.audience_before.as_ref().map(plain_json),
            ticket_id: event.ticket.as_ref().map(|ticket| ticket.id.0),
            ticket_audience_before: event
                .ticket
                .as_ref()
                .and_then(|ticket| ticket.audience_before.as_ref())
                .map(plain_json),
            clock_id: event.clock_id.map(|id| id.0),
            todo_id: event.todo_id.map(|id| id.0),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(Db))]
struct EventRow {
    seq: i64,
    tx: i64,
    project_id: i64,
    kind: Named<EventKind>,
    session_id: i64,
    customer_id: i64,
    message_id: Option<i64>,
    cause: String,
    at: At,
    assignee_id: Option<i64>,
    team_id: Option<i64>,
    people: Json<People>,
    audience_before: Json<Option<Audience>>,
    ticket_id: Option<i64>,
    ticket_audience_before: Json<Option<TicketAudience>>,
    clock_id: Option<i64>,
    todo_id: Option<i64>,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            position: Position { transaction: row.tx, sequence: row.seq, at_micros: micros(row.at.0) },
            project_id: ProjectId(row.project_id),
            kind: row.kind.0,
            session_id: SessionId(row.session_id),
            customer_id: CustomerId(row.customer_id),
            message_id: row.message_id.map(MessageId),
            ticket: row
                .ticket_id
                .map(|id| TicketEvent { id: TicketId(id), audience_before: row.ticket_audience_before.0 }),
            clock_id: row.clock_id.map(SlaClockId),
            todo_id: row.todo_id.map(TodoId),
            cause: row.cause,
            at: row.at.0,
            audience: Audience {
                assignee_id: row.assignee_id.into_domain(),
                team_id: row.team_id.into_domain(),
                people: row.people.0,
            },
            audience_before: row.audience_before.0,
        }
    }
}

/// Writes events in this order.
pub async fn append(conn: &mut Conn, new: &[NewEvent], recorded_at: Time) -> QueryResult<()> {
    dialect::insert_events(conn, new.iter().map(|event| EventInsert::new(event, recorded_at)).collect()).await
}

/// Writes that an agent sees other sessions of a project than before.
pub async fn append_sight_change(
    conn: &mut Conn,
    project: ProjectId,
    agent: AgentId,
    at: Time,
    recorded_at: Time,
) -> QueryResult<()> {
    let name = EventKind::SightChanged.name();
    diesel::insert_into(events::table)
        .values((
            events::project_id.eq(project.0),
            events::kind.eq(name),
            events::session_id.eq(Event::NO_SESSION.0),
            events::customer_id.eq(Event::NO_CUSTOMER.0),
            events::cause.eq(name),
            events::at.eq(micros(at)),
            events::recorded_at.eq(micros(recorded_at)),
            events::assignee_id.eq(agent.0),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The events that come after a position, in the order of the log, at most `limit`.
pub async fn after(conn: &mut Conn, scope: Scope, position: Position, limit: i64) -> QueryResult<Vec<Event>> {
    let readable = match scope {
        Scope::Everything => dialect::readable_events(),
        Scope::Project(project) => dialect::readable_events().filter(events::project_id.eq(project.0)),
        Scope::Session(session) => dialect::readable_events().filter(events::session_id.eq(session.0)),
    };
    let query = dialect::in_log_order(readable, position).select(EventRow::as_select()).limit(limit);
    let rows: Vec<EventRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The position of the newest event that readers may see.
pub async fn head(conn: &mut Conn) -> QueryResult<Position> {
    let query = dialect::from_the_end(dialect::readable_events()).select((events::tx, events::seq, events::at));
    let newest: Option<(i64, i64, i64)> = query.first(conn).await.optional()?;
    Ok(newest.map_or(Position::START, |(transaction, sequence, at_micros)| Position {
        transaction,
        sequence,
        at_micros,
    }))
}

/// Whether the log has an event in this very place.
pub async fn has(conn: &mut Conn, position: Position) -> QueryResult<bool> {
    let Position { transaction, sequence, at_micros } = position;
    let same = events::seq.eq(sequence).and(events::tx.eq(transaction)).and(events::at.eq(at_micros));
    diesel::select(diesel::dsl::exists(events::table.filter(same))).get_result(conn).await
}

/// The oldest events of the log with the time each was written, at most `limit`.
pub async fn oldest(conn: &mut Conn, limit: i64) -> QueryResult<Vec<(Position, Time)>> {
    let query = dialect::in_log_order(dialect::readable_events(), Position::START)
        .select((events::tx, events::seq, events::at, events::recorded_at))
        .limit(limit);
    let rows: Vec<(i64, i64, i64, At)> = query.load(conn).await?;
    Ok(rows
        .into_iter()
        .map(|(transaction, sequence, at_micros, recorded)| (Position { transaction, sequence, at_micros }, recorded.0))
        .collect())
}

/// Deletes the events up to a position and that one itself.
pub async fn delete_through(conn: &mut Conn, position: Position) -> QueryResult<usize> {
    dialect::delete_events(conn, position).await
}
