//! Sessions, one by one.

use diesel::prelude::*;
use domain::message::Thread;
use domain::session::{Awaited, FollowUp, Pace, Resolution};
use domain::visibility::{Audience, People};
use domain::{CloseReason, CustomerId, Direction, Priority, Session, SessionId, Status};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::sessions;
use super::{Conn, Db, dialect};
use crate::mapping::{At, IntoDomain, Json, Named, json, micros};
use crate::sessions::NewSession;

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(Db))]
pub(super) struct SessionRow {
    id: i64,
    project_id: i64,
    number: i64,
    customer_id: i64,
    status: Named<Status>,
    priority: Named<Priority>,
    assignee_id: Option<i64>,
    last_message_id: Option<i64>,
    last_message_at: At,
    last_direction: Named<Direction>,
    inbound_count: i64,
    close_reason: Option<Named<CloseReason>>,
    closed_at: Option<At>,
    version: i64,
    created_at: At,
    updated_at: At,
    chat_id: i64,
    thread: Json<Thread>,
    team_id: Option<i64>,
    link_id: Option<i64>,
    pace: Json<Pace>,
    people: Json<People>,
    assigned_at: Option<At>,
    queued_at: Option<At>,
    waiting_since: Option<At>,
    awaited: Option<Named<Awaited>>,
    awaited_until: Option<At>,
    awaited_note: Option<String>,
    resolved_at: Option<At>,
    resolved_by: Option<i64>,
    resolution: Option<String>,
    reopened_at: Option<At>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let people = row.people.0;
        let (assignee_id, team_id) = (row.assignee_id.into_domain(), row.team_id.into_domain());
        Self {
            id: row.id.into_domain(),
            project_id: row.project_id.into_domain(),
            number: row.number.into_domain(),
            customer_id: row.customer_id.into_domain(),
            status: row.status.into_domain(),
            priority: row.priority.into_domain(),
            assignee_id,
            last_message_id: row.last_message_id.into_domain(),
            last_message_at: row.last_message_at.into_domain(),
            last_direction: row.last_direction.into_domain(),
            inbound_count: row.inbound_count.into_domain(),
            close_reason: row.close_reason.into_domain(),
            closed_at: row.closed_at.into_domain(),
            reopened_at: row.reopened_at.into_domain(),
            version: row.version.into_domain(),
            created_at: row.created_at.into_domain(),
            updated_at: row.updated_at.into_domain(),
            chat_id: row.chat_id.into_domain(),
            thread: row.thread.into_domain(),
            team_id,
            link_id: row.link_id.into_domain(),
            pace: row.pace.into_domain(),
            assigned_at: row.assigned_at.into_domain(),
            queued_at: row.queued_at.into_domain(),
            waiting_since: row.waiting_since.into_domain(),
            follow_up: row.awaited.map(|awaited| FollowUp {
                awaited: awaited.0,
                until: row.awaited_until.into_domain(),
                note: row.awaited_note.unwrap_or_default(),
            }),
            resolution: row.resolved_at.map(|at| Resolution {
                at: at.0,
                by: row.resolved_by.into_domain(),
                summary: row.resolution.unwrap_or_default(),
            }),
            audience_before: Audience { assignee_id, team_id, people: people.clone() },
            people,
        }
    }
}

/// The sessions with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Session>> {
    let query = sessions::table.filter(dialect::looked_up("sessions.id", ids)).select(SessionRow::as_select());
    let rows: Vec<SessionRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// One session.
pub async fn find(conn: &mut Conn, id: SessionId) -> QueryResult<Option<Session>> {
    let row = sessions::table.find(id.0).select(SessionRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(Session::from))
}

/// One session, which nobody else changes until the transaction ends.
pub async fn lock(conn: &mut Conn, id: SessionId) -> QueryResult<Option<Session>> {
    let row =
        for_no_key_update!(sessions::table.find(id.0).select(SessionRow::as_select())).first(conn).await.optional()?;
    Ok(row.map(Session::from))
}

/// One session, which nobody else changes until the transaction ends; nothing, without waiting,
/// if another transaction has it.
pub async fn lock_if_free(conn: &mut Conn, id: SessionId) -> QueryResult<Option<Session>> {
    let row = for_no_key_update_skip_locked!(sessions::table.find(id.0).select(SessionRow::as_select()));
    Ok(row.first(conn).await.optional()?.map(Session::from))
}

/// The customer's newest session, locked.
pub async fn lock_newest(conn: &mut Conn, customer: CustomerId) -> QueryResult<Option<Session>> {
    let row = for_no_key_update!(
        sessions::table
            .filter(sessions::customer_id.eq(customer.0))
            .order(sessions::id.desc())
            .limit(1)
            .select(SessionRow::as_select())
    )
    .first(conn)
    .await
    .optional()?;
    Ok(row.map(Session::from))
}

/// Every session of a customer, oldest first. They are locked from the newest down.
pub async fn lock_of_customer(conn: &mut Conn, customer: CustomerId) -> QueryResult<Vec<Session>> {
    let rows: Vec<SessionRow> = for_no_key_update!(
        sessions::table
            .filter(sessions::customer_id.eq(customer.0))
            .order(sessions::id.desc())
            .select(SessionRow::as_select())
    )
    .load(conn)
    .await?;
    Ok(rows.into_iter().rev().map(Session::from).collect())
}

/// Adds a session without messages.
pub async fn insert(conn: &mut Conn, session: &NewSession) -> QueryResult<Session> {
    let now = micros(session.created_at);
    diesel::insert_into(sessions::table)
        .values((
            sessions::project_id.eq(session.project_id.0),
            sessions::number.eq(session.number),
            sessions::customer_id.eq(session.customer_id.0),
            sessions::status.eq(Status::Unread.name()),
            sessions::priority.eq(Priority::Medium.name()),
            sessions::last_message_at.eq(now),
            sessions::last_direction.eq(Direction::Inbound.name()),
            sessions::inbound_count.eq(0),
            sessions::version.eq(0),
            sessions::created_at.eq(now),
            sessions::updated_at.eq(now),
            sessions::chat_id.eq(session.chat_id.0),
            sessions::thread.eq(json(&session.thread)),
        ))
        .returning(SessionRow::as_select())
        .get_result(conn)
        .await
        .map(Session::from)
}

/// Writes everything about a session that can change, but for its people.
pub async fn update(conn: &mut Conn, session: &Session) -> QueryResult<()> {
    diesel::update(sessions::table.find(session.id.0))
        .set((
            sessions::status.eq(session.status.name()),
            sessions::priority.eq(session.priority.name()),
            sessions::assignee_id.eq(session.assignee_id.map(|id| id.0)),
            sessions::last_message_id.eq(session.last_message_id.map(|id| id.0)),
            sessions::last_message_at.eq(micros(session.last_message_at)),
            sessions::last_direction.eq(session.last_direction.name()),
            sessions::inbound_count.eq(session.inbound_count),
            sessions::close_reason.eq(session.close_reason.map(CloseReason::name)),
            sessions::closed_at.eq(session.closed_at.map(micros)),
            sessions::version.eq(session.version),
            sessions::updated_at.eq(micros(session.updated_at)),
            sessions::chat_id.eq(session.chat_id.0),
            sessions::thread.eq(json(&session.thread)),
            sessions::team_id.eq(session.team_id.map(|id| id.0)),
            sessions::link_id.eq(session.link_id.map(|id| id.0)),
            sessions::pace.eq(json(&session.pace)),
            (
                sessions::assigned_at.eq(session.assigned_at.map(micros)),
                sessions::queued_at.eq(session.queued_at.map(micros)),
                sessions::waiting_since.eq(session.waiting_since.map(micros)),
                sessions::awaited.eq(session.follow_up.as_ref().map(|waits| waits.awaited.name())),
                sessions::awaited_until.eq(session.follow_up.as_ref().and_then(|waits| waits.until).map(micros)),
                sessions::awaited_note.eq(session.follow_up.as_ref().map(|waits| &waits.note)),
                sessions::resolved_at.eq(session.resolution.as_ref().map(|resolution| micros(resolution.at))),
                sessions::resolved_by.eq(session.resolution.as_ref().and_then(|one| one.by).map(|by| by.0)),
                sessions::resolution.eq(session.resolution.as_ref().map(|resolution| &resolution.summary)),
                sessions::reopened_at.eq(session.reopened_at.map(micros)),
            ),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes how fast the customer writes, and nothing else.
pub async fn set_pace(conn: &mut Conn, id: SessionId, pace: Pace) -> QueryResult<()> {
    diesel::update(sessions::table.find(id.0)).set(sessions::pace.eq(json(&pace))).execute(conn).await?;
    Ok(())
}
