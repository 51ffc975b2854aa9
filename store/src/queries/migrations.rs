//! Groups that have become supergroups, which have other numbers.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::{ChatId, CustomerId, OutboxId, ProjectId};

use super::prepared::RunQueryDsl;
use super::schema::{chat_migrations, messages, outbox, sessions};
use super::{Conn, dialect};
use crate::outbox::Lane;

/// Notes that a chat has another number now. Others who are about to note the same wait for this transaction.
pub async fn insert(conn: &mut Conn, project: ProjectId, from: ChatId, to: ChatId) -> QueryResult<()> {
    diesel::insert_into(chat_migrations::table)
        .values((
            chat_migrations::project_id.eq(project.0),
            chat_migrations::from_chat_id.eq(from.0),
            chat_migrations::to_chat_id.eq(to.0),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// The number that a chat has now, if it got another one.
pub async fn target(conn: &mut Conn, project: ProjectId, from: ChatId) -> QueryResult<Option<ChatId>> {
    let to: Option<i64> = chat_migrations::table
        .find((project.0, from.0))
        .select(chat_migrations::to_chat_id)
        .first(conn)
        .await
        .optional()?;
    Ok(to.map(ChatId))
}

/// The numbers that a chat had before.
pub async fn sources(conn: &mut Conn, project: ProjectId, to: ChatId) -> QueryResult<Vec<ChatId>> {
    let from: Vec<i64> = chat_migrations::table
        .filter(chat_migrations::project_id.eq(project.0).and(chat_migrations::to_chat_id.eq(to.0)))
        .select(chat_migrations::from_chat_id)
        .load(conn)
        .await?;
    Ok(from.into_iter().map(ChatId).collect())
}

/// Has the answers of a customer's sessions go to another chat.
pub async fn move_sessions(conn: &mut Conn, customer: CustomerId, from: ChatId, to: ChatId) -> QueryResult<()> {
    diesel::update(sessions::table)
        .filter(sessions::customer_id.eq(customer.0).and(sessions::chat_id.eq(from.0)))
        .set(sessions::chat_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Has the messages of a customer that have no number yet go to another chat. Those that have one keep their chat: in
/// the other one the same numbers are those of other messages.
pub async fn move_unnumbered(conn: &mut Conn, customer: CustomerId, from: ChatId, to: ChatId) -> QueryResult<()> {
    let ids = session_ids(conn, customer).await?;
    diesel::update(messages::table)
        .filter(dialect::one_of("messages.session_id", &ids))
        .filter(messages::chat_id.eq(from.0))
        .filter(messages::telegram_message_id.is_null())
        .set(messages::chat_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

async fn session_ids(conn: &mut Conn, customer: CustomerId) -> QueryResult<Vec<i64>> {
    sessions::table.filter(sessions::customer_id.eq(customer.0)).select(sessions::id).load(conn).await
}

/// The calls of a bot to a chat that wait for their turn, locked, each with its parameters; without changes of what is
/// there, which only the chat of old can take.
pub async fn queued_calls(conn: &mut Conn, project: ProjectId, chat: ChatId) -> QueryResult<Vec<(OutboxId, String)>> {
    let rows: Vec<(i64, String)> = for_update!(
        outbox::table
            .filter(outbox::project_id.eq(project.0).and(outbox::chat_id.eq(chat.0)))
            .filter(sql::<Bool>("outbox.state = 'QUEUED'"))
            .filter(outbox::lane.ne(Lane::Edit.number()))
            .order(outbox::id)
            .select((outbox::id, outbox::payload))
    )
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, payload)| (OutboxId(id), payload)).collect())
}

/// Has a call go to another chat, with these parameters.
pub async fn move_call(conn: &mut Conn, id: OutboxId, to: ChatId, payload: &str) -> QueryResult<()> {
    diesel::update(outbox::table.find(id.0))
        .set((outbox::chat_id.eq(to.0), outbox::payload.eq(payload)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives a customer the sessions of another one, with their messages.
pub async fn hand_over_sessions(conn: &mut Conn, from: CustomerId, to: CustomerId) -> QueryResult<()> {
    let ids = session_ids(conn, from).await?;
    diesel::update(messages::table)
        .filter(dialect::one_of("messages.session_id", &ids))
        .set(messages::customer_id.eq(to.0))
        .execute(conn)
        .await?;
    diesel::update(sessions::table)
        .filter(sessions::customer_id.eq(from.0))
        .set(sessions::customer_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}
