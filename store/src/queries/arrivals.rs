//! The usual arrivals: texts of known customers in open sessions. They are worked off many at a time, with as many
//! statements as one.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use domain::{Customer, CustomerId, MessageId, ProjectId, Session, TelegramUserId};
use serde_json::{Value, json};

use super::customers::CustomerRow;
use super::prepared::{Prepared, RunQueryDsl};
use super::schema::{customers, sessions};
use super::sessions::SessionRow;
use super::{Conn, dialect};
use crate::mapping::{self, micros};
use crate::messages::NewMessage;

/// The customers that Telegram users are in projects, in no order. Pairs that are not asked for may be among them:
/// each of the users in each of the projects.
pub async fn customers(
    conn: &mut Conn,
    projects: &[ProjectId],
    users: &[TelegramUserId],
) -> QueryResult<Vec<Customer>> {
    let projects: Vec<i64> = projects.iter().map(|id| id.0).collect();
    let users: Vec<i64> = users.iter().map(|id| id.0).collect();
    let query = customers::table
        .filter(dialect::one_of("customers.project_id", &projects))
        .filter(dialect::one_of("customers.telegram_user_id", &users))
        .select(CustomerRow::as_select());
    let rows: Vec<CustomerRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Customer::from).collect())
}

/// The open sessions of customers, locked from the newest down.
pub async fn lock_open_sessions(conn: &mut Conn, customers: &[CustomerId]) -> QueryResult<Vec<Session>> {
    let customers: Vec<i64> = customers.iter().map(|id| id.0).collect();
    let query = for_no_key_update!(
        sessions::table
            .filter(dialect::one_of("sessions.customer_id", &customers))
            .filter(sql::<Bool>("sessions.status <> 'CLOSED'"))
            .order(sessions::id.desc())
            .select(SessionRow::as_select())
    );
    let rows: Vec<SessionRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

#[derive(QueryableByName)]
struct Added {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    project_id: i64,
    #[diesel(sql_type = BigInt)]
    chat_id: i64,
    #[diesel(sql_type = BigInt)]
    telegram_message_id: i64,
}

/// Adds inbound messages of the bots' own chats, in this order. Answers the identifier of each, and nothing for one
/// that is there already.
pub async fn insert_messages(conn: &mut Conn, new: &[NewMessage]) -> QueryResult<Vec<Option<MessageId>>> {
    const COLUMNS: [(&str, &str); 13] = [
        ("place", "bigint"),
        ("project_id", "bigint"),
        ("session_id", "bigint"),
        ("customer_id", "bigint"),
        ("chat_id", "bigint"),
        ("direction", "text"),
        ("kind", "text"),
        ("text", "text"),
        ("entities", "text"),
        ("telegram_message_id", "bigint"),
        ("created_at", "bigint"),
        ("content", "text"),
        ("album_id", "text"),
    ];
    let rows: Vec<Value> = new
        .iter()
        .enumerate()
        .map(|(place, message)| {
            json!({
                "place": place,
                "project_id": message.project_id,
                "session_id": message.session_id,
                "customer_id": message.customer_id,
                "chat_id": message.chat_id,
                "direction": message.direction.name(),
                "kind": message.kind,
                "text": message.text,
                "entities": message.entities,
                "telegram_message_id": message.telegram_message_id,
                "created_at": micros(message.created_at),
                "content": mapping::json(&message.content),
                "album_id": message.album_id,
            })
        })
        .collect();
    let names = COLUMNS.map(|(name, _)| name)[1..].join(", ");
    let added: Vec<Added> = diesel::sql_query(format!(
        "INSERT INTO messages ({names}) SELECT {names} FROM {} WHERE TRUE ORDER BY place \
         ON CONFLICT DO NOTHING RETURNING id, project_id, chat_id, telegram_message_id",
        dialect::json_rows(&COLUMNS)
    ))
    .bind::<Text, _>(Value::Array(rows).to_string())
    .load(conn)
    .await?;
    let ids: HashMap<_, _> = added
        .into_iter()
        .map(|row| ((row.project_id, row.chat_id, Some(row.telegram_message_id)), MessageId(row.id)))
        .collect();
    let id_of = |message: &NewMessage| {
        ids.get(&(message.project_id.0, message.chat_id.0, message.telegram_message_id)).copied()
    };
    Ok(new.iter().map(id_of).collect())
}

/// Writes what an arrival changes about each of these sessions.
pub async fn update_sessions(conn: &mut Conn, changed: &[Session]) -> QueryResult<()> {
    const COLUMNS: [(&str, &str); 16] = [
        ("id", "bigint"),
        ("status", "text"),
        ("waiting_since", "bigint"),
        ("awaited", "text"),
        ("awaited_until", "bigint"),
        ("awaited_note", "text"),
        ("resolved_at", "bigint"),
        ("resolved_by", "bigint"),
        ("resolution", "text"),
        ("last_message_id", "bigint"),
        ("last_message_at", "bigint"),
        ("last_direction", "text"),
        ("inbound_count", "bigint"),
        ("version", "bigint"),
        ("updated_at", "bigint"),
        ("pace", "text"),
    ];
    let rows: Vec<Value> = changed
        .iter()
        .map(|session| {
            json!({
                "id": session.id,
                "status": session.status.name(),
                "waiting_since": session.waiting_since.map(micros),
                "awaited": session.follow_up.as_ref().map(|waits| waits.awaited.name()),
                "awaited_until": session.follow_up.as_ref().and_then(|waits| waits.until).map(micros),
                "awaited_note": session.follow_up.as_ref().map(|waits| &waits.note),
                "resolved_at": session.resolution.as_ref().map(|resolution| micros(resolution.at)),
                "resolved_by": session.resolution.as_ref().and_then(|resolution| resolution.by),
                "resolution": session.resolution.as_ref().map(|resolution| &resolution.summary),
                "last_message_id": session.last_message_id,
                "last_message_at": micros(session.last_message_at),
                "last_direction": session.last_direction.name(),
                "inbound_count": session.inbound_count,
                "version": session.version,
                "updated_at": micros(session.updated_at),
                "pace": mapping::json(&session.pace),
            })
        })
        .collect();
    let changes: Vec<String> = COLUMNS[1..].iter().map(|(name, _)| format!("{name} = changed.{name}")).collect();
    diesel::sql_query(format!(
        "UPDATE sessions SET {} FROM (SELECT * FROM {}) AS changed WHERE sessions.id = changed.id",
        changes.join(", "),
        dialect::json_rows(&COLUMNS)
    ))
    .bind::<Text, _>(Value::Array(rows).to_string())
    .execute(conn)
    .await?;
    Ok(())
}
