//! Calls to Telegram: written with the change that wants them, settled by one try.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use domain::{ChatId, MessageId, OutboxId, ProjectId, Time};

use super::prepared::RunQueryDsl;
use super::schema::{outbox, outbox_queues, projects};
use super::{Conn, dialect};
use crate::mapping::{IntoDomain, Json, Named, json, micros};
use crate::outbox::Lane::{self, Answer, Bulk, Edit, Incident, LiveReply, Notice};
use crate::outbox::{Attachment, DueLanes, Hold, NewCall, OpenTry, OutboxState, QueuedCall, Room, Turn};

/// When the first queue of a lane is due.
macro_rules! first_due {
    ($lane:literal) => {
        concat!(
            "(SELECT min(due) FROM outbox_queues WHERE outbox_queues.project_id = projects.id AND lane = ",
            $lane,
            " AND due IS NOT NULL)"
        )
    };
}

/// The condition and the order in which the queues of a lane have their turn, in the places that the engine gives to
/// the project, the lane, the time and the limit. `first` is the first call that waits in a queue.
macro_rules! turns {
    ($project:literal, $lane:literal, $now:literal, $limit:literal) => {
        concat!(
            "SELECT first.id, first.project_id, first.chat_id FROM outbox_queues AS queue JOIN outbox AS first \
             ON first.id = (SELECT min(call.id) FROM outbox AS call WHERE call.state = 'QUEUED' \
             AND call.project_id = queue.project_id AND call.chat_id = queue.chat_id AND call.lane = queue.lane) \
             WHERE queue.project_id = ",
            $project,
            " AND queue.lane = ",
            $lane,
            " AND queue.due <= ",
            $now,
            " AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.message_id = first.message_id \
             AND earlier.id < first.id AND earlier.state IN ('QUEUED', 'SENDING')) \
             ORDER BY queue.due LIMIT ",
            $limit
        )
    };
}

/// The calls without an order that are due, in the places that the engine gives to the project, the lane, the time
/// and the limit.
macro_rules! unordered {
    ($project:literal, $lane:literal, $now:literal, $limit:literal) => {
        concat!(
            "SELECT id, project_id, chat_id FROM outbox WHERE project_id = ",
            $project,
            " AND lane = ",
            $lane,
            // The lane is said twice, since no planner knows that the value is that of the index.
            " AND lane = 50 AND state = 'QUEUED' AND not_before <= ",
            $now,
            " ORDER BY not_before LIMIT ",
            $limit
        )
    };
}
pub(crate) use {turns, unordered};

/// Adds a call.
pub async fn insert(conn: &mut Conn, call: &NewCall, now: Time) -> QueryResult<()> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::project_id.eq(call.project_id.0),
            outbox::chat_id.eq(call.chat_id.0),
            outbox::lane.eq(call.lane.number()),
            outbox::message_id.eq(call.message_id.map(|id| id.0)),
            outbox::method.eq(&call.method),
            outbox::payload.eq(&call.payload),
            outbox::state.eq(OutboxState::Queued.name()),
            outbox::attempts.eq(0),
            outbox::not_before.eq(micros(now)),
            outbox::created_at.eq(micros(now)),
            outbox::attachments.eq(json(&call.attachments)),
            outbox::cost.eq(call.cost),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// When the next call of each lane is due, for each of these bots. One row of the index is looked
/// at for each lane, however many calls wait.
pub async fn due_lanes(conn: &mut Conn, projects: &[i64]) -> QueryResult<Vec<DueLanes>> {
    type Due = Option<i64>;
    let rows: Vec<(i64, Due, Due, Due, Due, Due, Due)> = projects::table
        .filter(dialect::one_of("projects.id", projects))
        .select((
            projects::id,
            sql::<Nullable<BigInt>>(
                "(SELECT min(not_before) FROM outbox \
                 WHERE outbox.project_id = projects.id AND lane = 50 AND state = 'QUEUED')",
            ),
            first_due(LiveReply),
            first_due(Notice),
            first_due(Incident),
            first_due(Bulk),
            first_due(Edit),
        ))
        .load(conn)
        .await?;
    let of_row = |(project, answer, live_reply, notice, incident, bulk, edit)| {
        let due = [answer, live_reply, notice, incident, bulk, edit];
        let lanes = Lane::ALL.into_iter().zip(due).filter_map(|(lane, due): (_, Due)| Some((lane, due?))).collect();
        DueLanes { project_id: ProjectId(project), lanes }
    };
    Ok(rows.into_iter().map(of_row).collect())
}

/// When the first queue of a lane is due.
fn first_due(lane: Lane) -> SqlLiteral<Nullable<BigInt>> {
    sql(match lane {
        Answer => "NULL",
        LiveReply => first_due!(100),
        Notice => first_due!(200),
        Incident => first_due!(300),
        Bulk => first_due!(400),
        Edit => first_due!(500),
    })
}

/// The next calls of a lane that are due, locked: of each chat the oldest one, and only if no try
/// of a call of this lane and chat is under way, and no older call about the same message is open.
pub async fn claim(conn: &mut Conn, lane: Lane, rooms: &[Room], now: Time) -> QueryResult<Vec<Turn>> {
    let rows = match lane {
        Lane::Answer => dialect::claim_unordered(conn, lane.number(), rooms, micros(now)).await?,
        _ => dialect::claim_first(conn, lane.number(), rooms, micros(now)).await?,
    };
    let turn = |row: TurnRow| Turn {
        id: OutboxId(row.id),
        project_id: ProjectId(row.project_id),
        chat_id: ChatId(row.chat_id),
    };
    Ok(rows.into_iter().map(turn).collect())
}

/// A call whose turn it is.
#[derive(QueryableByName)]
pub(crate) struct TurnRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    project_id: i64,
    #[diesel(sql_type = BigInt)]
    chat_id: i64,
}

/// Names the try that is about to be made of these calls, and gives them as they are now, in no
/// order.
pub async fn start(conn: &mut Conn, ids: &[i64], attempt: &str) -> QueryResult<Vec<QueuedCall>> {
    type Row = (i64, i64, i64, i32, Option<i64>, String, String, i32, Json<Vec<Attachment>>, i32);
    let rows: Vec<Row> = diesel::update(outbox::table)
        .filter(dialect::one_of("outbox.id", ids))
        .filter(outbox::state.eq(OutboxState::Queued.name()))
        .set((outbox::state.eq(OutboxState::Sending.name()), outbox::attempt.eq(attempt)))
        .returning((
            outbox::id,
            outbox::project_id,
            outbox::chat_id,
            outbox::lane,
            outbox::message_id,
            outbox::method,
            outbox::payload,
            outbox::attempts,
            outbox::attachments,
            outbox::cost,
        ))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, project, chat, lane, message, method, payload, attempts, attachments, cost)| QueuedCall {
            id: OutboxId(id),
            project_id: ProjectId(project),
            chat_id: ChatId(chat),
            lane: Lane::of_number(lane),
            message_id: message.map(MessageId),
            method,
            payload,
            attachments: attachments.into_domain(),
            cost,
            attempts,
        })
        .collect())
}

/// Has chats left alone until a time, but for changes of what is there, which are no messages.
pub async fn hold(conn: &mut Conn, holds: &[Hold]) -> QueryResult<()> {
    dialect::hold_chats(conn, holds).await
}

/// Those of these calls that a try may still settle, each with the name of the try, locked.
pub async fn open_tries(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(OutboxId, String, OpenTry)>> {
    type Row = (i64, Option<String>, Named<OutboxState>, Option<i64>);
    let rows: Vec<Row> = for_update!(
        outbox::table
            .filter(dialect::one_of("outbox.id", ids))
            .filter(outbox::state.eq(OutboxState::Sending.name()).or(outbox::state.eq(OutboxState::Unknown.name())))
            .select((outbox::id, outbox::attempt, outbox::state, outbox::message_id))
    )
    .load(conn)
    .await?;
    let open = |(id, attempt, Named(state), message): Row| {
        Some((OutboxId(id), attempt?, OpenTry { state, message_id: message.map(MessageId) }))
    };
    Ok(rows.into_iter().filter_map(open).collect())
}

/// Writes that Telegram took these calls.
pub async fn settle_as_sent(conn: &mut Conn, ids: &[i64], now: Time) -> QueryResult<()> {
    diesel::update(outbox::table)
        .filter(dialect::one_of("outbox.id", ids))
        .set((
            outbox::state.eq(OutboxState::Sent.name()),
            outbox::error.eq(None::<String>),
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::settled_at.eq(micros(now)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A call, if this try may still settle it: while it is under way, and also when it was given up
/// as unknown in the meantime.
pub async fn lock_try(conn: &mut Conn, id: OutboxId, attempt: &str) -> QueryResult<Option<OpenTry>> {
    let row: Option<(Named<OutboxState>, Option<i64>)> = for_update!(
        outbox::table
            .find(id.0)
            .filter(outbox::attempt.eq(attempt))
            .filter(outbox::state.eq(OutboxState::Sending.name()).or(outbox::state.eq(OutboxState::Unknown.name())))
            .select((outbox::state, outbox::message_id))
    )
    .first(conn)
    .await
    .optional()?;
    Ok(row.map(|(Named(state), message)| OpenTry { state, message_id: message.map(MessageId) }))
}

/// Writes how a call ended.
pub async fn settle(
    conn: &mut Conn,
    id: OutboxId,
    state: OutboxState,
    error: Option<&str>,
    now: Time,
) -> QueryResult<()> {
    diesel::update(outbox::table.find(id.0))
        .set((
            outbox::state.eq(state.name()),
            outbox::error.eq(error),
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::settled_at.eq(micros(now)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts a call whose try is under way back in its place, to be tried again at a time. `used` says whether the try
/// counts.
pub async fn requeue(conn: &mut Conn, id: OutboxId, not_before: Time, used: bool, error: &str) -> QueryResult<()> {
    diesel::update(outbox::table.find(id.0))
        .set((
            outbox::state.eq(OutboxState::Queued.name()),
            outbox::attempt.eq(None::<String>),
            outbox::attempts.eq(outbox::attempts + i32::from(used)),
            outbox::not_before.eq(micros(not_before)),
            outbox::error.eq(error),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The calls of a bot whose try was under way when its sender stopped, locked.
pub async fn abandoned(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<(OutboxId, Lane, Option<MessageId>)>> {
    let rows: Vec<(i64, i32, Option<i64>)> = for_update!(
        outbox::table
            .filter(outbox::project_id.eq(project.0))
            .filter(sql::<Bool>("outbox.state = 'SENDING'"))
            .order(outbox::id)
            .select((outbox::id, outbox::lane, outbox::message_id))
    )
    .load(conn)
    .await?;
    let of_row =
        |(id, lane, message): (i64, i32, Option<i64>)| (OutboxId(id), Lane::of_number(lane), message.map(MessageId));
    Ok(rows.into_iter().map(of_row).collect())
}

/// How many calls of each of these bots wait or are under way, those without an order left out.
pub async fn waiting(conn: &mut Conn, projects: &[i64]) -> QueryResult<Vec<(ProjectId, i64)>> {
    let rows: Vec<(i64, i64)> = outbox_queues::table
        .filter(dialect::one_of("outbox_queues.project_id", projects))
        .group_by(outbox_queues::project_id)
        .select((
            outbox_queues::project_id,
            sql::<BigInt>("CAST(sum(outbox_queues.waiting + outbox_queues.sending) AS BIGINT)"),
        ))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(project, calls)| (ProjectId(project), calls)).collect())
}
