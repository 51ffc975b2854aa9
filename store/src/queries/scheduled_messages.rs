//! Messages that are to be sent later.

use diesel::prelude::*;
use domain::formatting::Entity;
use domain::scheduled::{ScheduledMedia, ScheduledRefusal, ScheduledState};
use domain::{AgentId, ScheduledMessage};

use super::newest::Newest;
use super::prepared::{FreeForm, Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::desk_tools::NewScheduledMessage;
use crate::mapping::{At, Json, Named, json, micros, row};

diesel::table! {
    scheduled_messages (id) {
        id -> BigInt,
        project_id -> BigInt,
        session_id -> BigInt,
        agent_id -> BigInt,
        text -> Text,
        entities -> Nullable<Text>,
        media -> Nullable<Text>,
        send_at -> BigInt,
        cancel_on_reply -> Bool,
        inbound_count -> BigInt,
        state -> Text,
        reason -> Nullable<Text>,
        message_id -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        settled_at -> Nullable<BigInt>,
        settled_by -> Nullable<BigInt>,
        since_version -> BigInt,
        changed_version -> BigInt,
    }
}

row! { ScheduledRow of scheduled_messages is ScheduledMessage {
    id: i64,
    project_id: i64,
    session_id: i64,
    agent_id: i64,
    text: String,
    entities: Json<Vec<Entity>>,
    media: Json<Vec<ScheduledMedia>>,
    send_at: At,
    cancel_on_reply: bool,
    inbound_count: i64,
    state: Named<ScheduledState>,
    reason: Option<Named<ScheduledRefusal>>,
    message_id: Option<i64>,
    version: i64,
    created_at: At,
    settled_at: Option<At>,
    settled_by: Option<i64>,
    since_version: i64,
    changed_version: i64,
} }

/// The messages with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<ScheduledMessage>> {
    let query = scheduled_messages::table
        .filter(dialect::looked_up("scheduled_messages.id", ids))
        .select(ScheduledRow::as_select());
    let rows: Vec<ScheduledRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(ScheduledMessage::from).collect())
}

/// The newest messages for later of each of these sessions and all that wait, oldest first. With an agent, of those that
/// were there when the session ended for them, and all that wait.
pub async fn newest_of(
    conn: &mut Conn,
    sessions: &[i64],
    left_by: Option<AgentId>,
    newest: i64,
) -> QueryResult<Vec<ScheduledMessage>> {
    let query = scheduled_messages::table
        .filter(dialect::one_of("scheduled_messages.session_id", sessions))
        .filter(
            Newest { table: "scheduled_messages", left_by, newest }
                .or(scheduled_messages::state.eq(ScheduledState::Waiting.name())),
        )
        .order(scheduled_messages::id)
        .select(ScheduledRow::as_select());
    let rows: Vec<ScheduledRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(ScheduledMessage::from).collect())
}

/// Every message for later of these sessions, oldest first.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<ScheduledMessage>> {
    let rows: Vec<ScheduledRow> = scheduled_messages::table
        .filter(dialect::one_of("scheduled_messages.session_id", sessions))
        .order(scheduled_messages::id)
        .select(ScheduledRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(ScheduledMessage::from).collect())
}

/// Adds a message.
pub async fn insert(conn: &mut Conn, message: &NewScheduledMessage) -> QueryResult<ScheduledMessage> {
    diesel::insert_into(scheduled_messages::table)
        .values((
            scheduled_messages::project_id.eq(message.project_id.0),
            scheduled_messages::session_id.eq(message.session_id.0),
            scheduled_messages::agent_id.eq(message.agent_id.0),
            scheduled_messages::text.eq(&message.text),
            scheduled_messages::entities.eq(json(&message.entities)),
            scheduled_messages::media.eq(json(&message.media)),
            scheduled_messages::send_at.eq(micros(message.send_at)),
            scheduled_messages::cancel_on_reply.eq(message.cancel_on_reply),
            scheduled_messages::inbound_count.eq(message.inbound_count),
            scheduled_messages::state.eq(ScheduledState::Waiting.name()),
            scheduled_messages::version.eq(1),
            scheduled_messages::created_at.eq(micros(message.created_at)),
            scheduled_messages::since_version.eq(message.since_version),
            scheduled_messages::changed_version.eq(message.since_version),
        ))
        .returning(ScheduledRow::as_select())
        .get_result(conn)
        .await
        .map(ScheduledMessage::from)
}

/// Writes a message, under its next version.
pub async fn update(conn: &mut Conn, message: &ScheduledMessage) -> QueryResult<ScheduledMessage> {
    diesel::update(scheduled_messages::table.find(message.id.0))
        .set((
            scheduled_messages::text.eq(&message.text),
            scheduled_messages::entities.eq(json(&message.entities)),
            scheduled_messages::send_at.eq(micros(message.send_at)),
            scheduled_messages::cancel_on_reply.eq(message.cancel_on_reply),
            scheduled_messages::inbound_count.eq(message.inbound_count),
            scheduled_messages::state.eq(message.state.name()),
            scheduled_messages::reason.eq(message.reason.map(ScheduledRefusal::name)),
            scheduled_messages::message_id.eq(message.message_id.map(|id| id.0)),
            scheduled_messages::settled_at.eq(message.settled_at.map(micros)),
            scheduled_messages::settled_by.eq(message.settled_by.map(|id| id.0)),
            scheduled_messages::changed_version.eq(message.changed_version),
            scheduled_messages::version.eq(scheduled_messages::version + 1),
        ))
        .returning(ScheduledRow::as_select())
        .get_result(conn)
        .await
        .map(ScheduledMessage::from)
}

/// Forgets the messages of sessions. Answers which they were.
pub async fn erase(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<i64>> {
    let ids: Vec<i64> = scheduled_messages::table
        .filter(dialect::one_of("scheduled_messages.session_id", sessions))
        .select(scheduled_messages::id)
        .load(conn)
        .await?;
    diesel::delete(scheduled_messages::table)
        .filter(dialect::one_of("scheduled_messages.id", &ids))
        .execute(conn)
        .await?;
    Ok(ids)
}
