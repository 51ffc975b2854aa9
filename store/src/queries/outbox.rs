//! Calls to Telegram: written with the change that wants them, settled by one try.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::{ChatId, MessageId, OutboxId, ProjectId, Time};

use super::prepared::RunQueryDsl;
use super::schema::outbox;
use super::{Conn, dialect};
use crate::mapping::{IntoDomain, Json, Named, json, micros};
use crate::outbox::{Attachment, NewCall, OpenTry, OutboxState, QueuedCall};

/// Whether no open call of the same chat is older.
macro_rules! is_first_of_its_chat {
    () => {{
        let earlier = diesel::alias!(outbox as earlier);
        let in_front = earlier
            .filter(sql::<Bool>("earlier.state IN ('QUEUED', 'SENDING')"))
            .filter(earlier.field(outbox::project_id).eq(outbox::project_id))
            .filter(earlier.field(outbox::chat_id).eq(outbox::chat_id))
            .filter(earlier.field(outbox::id).lt(outbox::id));
        not(exists(in_front))
    }};
}

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

/// The next calls of a bot that are due: of each chat the oldest one that is open, and only
/// if no try of it is under way.
pub async fn claim(conn: &mut Conn, project: ProjectId, now: Time, limit: i64) -> QueryResult<Vec<QueuedCall>> {
    type Row = (i64, i64, Option<i64>, String, String, i32, Json<Vec<Attachment>>, i32);
    let rows: Vec<Row> = for_update_skip_locked!(
        outbox::table
            .filter(outbox::project_id.eq(project.0))
            .filter(sql::<Bool>("outbox.state IN ('QUEUED', 'SENDING')"))
            .filter(outbox::state.eq(OutboxState::Queued.name()))
            // The sign keeps SQLite from finding what is due by its time and sorting all of it,
            // where it can walk in the order of the lanes and stop at the limit.
            .filter(sql::<Bool>("+outbox.not_before <= ").bind::<BigInt, _>(micros(now)))
            .filter(is_first_of_its_chat!())
            .order((outbox::lane, outbox::id))
            .limit(limit)
            .select((
                outbox::id,
                outbox::chat_id,
                outbox::message_id,
                outbox::method,
                outbox::payload,
                outbox::attempts,
                outbox::attachments,
                outbox::cost,
            ))
    )
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, chat, message, method, payload, attempts, attachments, cost)| QueuedCall {
            id: OutboxId(id),
            project_id: project,
            chat_id: ChatId(chat),
            message_id: message.map(MessageId),
            method,
            payload,
            attachments: attachments.into_domain(),
            cost,
            attempts,
        })
        .collect())
}

/// Names the try that is about to be made of these calls.
pub async fn start(conn: &mut Conn, ids: &[i64], attempt: &str) -> QueryResult<()> {
    diesel::update(outbox::table)
        .filter(dialect::one_of("outbox.id", ids))
        .set((outbox::state.eq(OutboxState::Sending.name()), outbox::attempt.eq(attempt)))
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
pub async fn abandoned(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<(OutboxId, Option<MessageId>)>> {
    let rows: Vec<(i64, Option<i64>)> = for_update!(
        outbox::table
            .filter(outbox::project_id.eq(project.0))
            .filter(sql::<Bool>("outbox.state IN ('QUEUED', 'SENDING')"))
            .filter(outbox::state.eq(OutboxState::Sending.name()))
            .order(outbox::id)
            .select((outbox::id, outbox::message_id))
    )
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, message)| (OutboxId(id), message.map(MessageId))).collect())
}

/// When the next call of a bot is due, if one waits that no other call of its chat goes before.
pub async fn next_due(conn: &mut Conn, project: ProjectId) -> QueryResult<Option<i64>> {
    outbox::table
        .filter(outbox::project_id.eq(project.0))
        .filter(sql::<Bool>("outbox.state = 'QUEUED'"))
        .filter(is_first_of_its_chat!())
        .order(outbox::not_before)
        .select(outbox::not_before)
        .first(conn)
        .await
        .optional()
}
