//! Messages: one by one, and as the ordered list of a session.

use diesel::prelude::*;
use domain::filter::Page;
use domain::message::Content;
use domain::{ChatId, Delivery, DeliveryState, Direction, Message, MessageId, ProjectId, SessionId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::messages;
use super::{Conn, Db, dialect};
use crate::mapping::{At, IntoDomain, Json, Named, json, micros};
use crate::messages::NewMessage;

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(Db))]
struct MessageRow {
    id: i64,
    project_id: i64,
    session_id: i64,
    customer_id: i64,
    chat_id: i64,
    direction: Named<Direction>,
    kind: String,
    text: String,
    entities: Option<String>,
    author_id: Option<i64>,
    reply_to_id: Option<i64>,
    telegram_message_id: Option<i64>,
    delivery_state: Option<Named<DeliveryState>>,
    delivery_error: Option<String>,
    created_at: At,
    edited_at: Option<At>,
    content: Json<Content>,
    album_id: Option<String>,
    pinned_at: Option<At>,
    deleted_at: Option<At>,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        Self {
            id: row.id.into_domain(),
            project_id: row.project_id.into_domain(),
            session_id: row.session_id.into_domain(),
            customer_id: row.customer_id.into_domain(),
            chat_id: row.chat_id.into_domain(),
            direction: row.direction.into_domain(),
            kind: row.kind,
            text: row.text,
            entities: row.entities,
            author_id: row.author_id.into_domain(),
            reply_to_id: row.reply_to_id.into_domain(),
            telegram_message_id: row.telegram_message_id,
            delivery: row.delivery_state.map(|state| Delivery { state: state.0, error: row.delivery_error }),
            created_at: row.created_at.into_domain(),
            edited_at: row.edited_at.into_domain(),
            content: row.content.into_domain(),
            album_id: row.album_id,
            pinned_at: row.pinned_at.into_domain(),
            deleted_at: row.deleted_at.into_domain(),
        }
    }
}

/// The messages with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Message>> {
    let query = messages::table.filter(dialect::one_of("messages.id", ids)).select(MessageRow::as_select());
    let rows: Vec<MessageRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// One message.
pub async fn find(conn: &mut Conn, id: MessageId) -> QueryResult<Option<Message>> {
    let row = messages::table.find(id.0).select(MessageRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(Message::from))
}

/// The message that Telegram numbers so within a chat; in a chat of a business account the numbers are those of the
/// account's `connection`, which is empty elsewhere.
pub async fn by_telegram_id(
    conn: &mut Conn,
    project: ProjectId,
    chat: ChatId,
    connection: &str,
    telegram_message_id: i64,
) -> QueryResult<Option<Message>> {
    let row = messages::table
        .filter(messages::project_id.eq(project.0).and(messages::chat_id.eq(chat.0)))
        .filter(messages::telegram_message_id.eq(telegram_message_id))
        .filter(messages::telegram_message_id.is_not_null())
        .filter(messages::connection.eq(connection))
        .select(MessageRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Message::from))
}

/// One page of a session's messages, from the asked end of the list. The rows come in the
/// order of reading from that end.
pub async fn page(conn: &mut Conn, session: SessionId, page: Page<MessageId>) -> QueryResult<Vec<Message>> {
    let mut query = messages::table
        .filter(messages::session_id.eq(session.0))
        .select(MessageRow::as_select())
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(messages::id.gt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(messages::id.lt(before.0));
    }
    query = if page.from_end { query.order(messages::id.desc()) } else { query.order(messages::id.asc()) };
    let rows: Vec<MessageRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// How many messages a session has.
pub async fn count(conn: &mut Conn, session: SessionId) -> QueryResult<i64> {
    messages::table.filter(messages::session_id.eq(session.0)).count().get_result(conn).await
}

/// Adds a message.
pub async fn insert(conn: &mut Conn, message: &NewMessage) -> QueryResult<Message> {
    diesel::insert_into(messages::table)
        .values((
            messages::project_id.eq(message.project_id.0),
            messages::session_id.eq(message.session_id.0),
            messages::customer_id.eq(message.customer_id.0),
            messages::chat_id.eq(message.chat_id.0),
            messages::direction.eq(message.direction.name()),
            messages::kind.eq(&message.kind),
            messages::text.eq(&message.text),
            messages::entities.eq(&message.entities),
            messages::author_id.eq(message.author_id.map(|id| id.0)),
            messages::reply_to_id.eq(message.reply_to_id.map(|id| id.0)),
            messages::telegram_message_id.eq(message.telegram_message_id),
            messages::delivery_state.eq(message.delivery.map(DeliveryState::name)),
            messages::created_at.eq(micros(message.created_at)),
            messages::content.eq(json(&message.content)),
            messages::album_id.eq(&message.album_id),
            messages::connection.eq(message.content.thread.connection()),
        ))
        .returning(MessageRow::as_select())
        .get_result(conn)
        .await
        .map(Message::from)
}

/// Writes what Telegram answered to the sending of a message.
pub async fn set_delivery(
    conn: &mut Conn,
    id: MessageId,
    delivery: &Delivery,
    telegram_message_id: Option<i64>,
) -> QueryResult<()> {
    diesel::update(messages::table.find(id.0))
        .set((
            messages::delivery_state.eq(delivery.state.name()),
            messages::delivery_error.eq(&delivery.error),
            messages::telegram_message_id.eq(telegram_message_id),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes the text as its author changed it.
pub async fn set_text(
    conn: &mut Conn,
    id: MessageId,
    text: &str,
    entities: Option<&str>,
    edited_at: Time,
) -> QueryResult<()> {
    diesel::update(messages::table.find(id.0))
        .set((messages::text.eq(text), messages::entities.eq(entities), messages::edited_at.eq(micros(edited_at))))
        .execute(conn)
        .await?;
    Ok(())
}
