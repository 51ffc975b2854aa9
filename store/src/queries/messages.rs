//! Messages: one by one, and as the ordered list of a session.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::filter::Page;
use domain::message::{Change, Content, Wording};
use domain::{
    AgentId, ChatId, Delivery, DeliveryState, Direction, Message, MessageId, ProjectId, SessionId, Sight, Time,
};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::messages;
use super::search::entries_of_messages;
use super::visibility::InSight;
use super::{Conn, Db, departures, dialect, text_index};
use crate::mapping::{At, IntoDomain, Json, Named, json, micros};
use crate::messages::{NewMessage, Rewording};

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(Db))]
pub(crate) struct MessageRow {
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
    changes: Json<Vec<Change>>,
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
            changes: row.changes.into_domain(),
        }
    }
}

/// The messages with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Message>> {
    let query = messages::table.filter(dialect::looked_up("messages.id", ids)).select(MessageRow::as_select());
    let rows: Vec<MessageRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The messages of these sessions that belong to one of these albums, in the order of the sessions' messages.
pub async fn of_albums(conn: &mut Conn, sessions: &[i64], albums: &[String]) -> QueryResult<Vec<Message>> {
    let query = messages::table
        .filter(dialect::one_of("messages.session_id", sessions))
        .filter(dialect::one_of_texts("messages.album_id", albums))
        .filter(messages::album_id.is_not_null())
        .order(messages::id)
        .select(MessageRow::as_select());
    let rows: Vec<MessageRow> = query.load(conn).await?;
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

/// The messages of these sessions that are pinned, and those that were when their session ended for an agent, in no
/// order.
pub async fn pinned(conn: &mut Conn, sessions: &[i64], agent: AgentId) -> QueryResult<Vec<Message>> {
    let rows: Vec<MessageRow> = messages::table
        .filter(dialect::one_of("messages.session_id", sessions))
        .filter(messages::pinned_at.is_not_null())
        .select(MessageRow::as_select())
        .load(conn)
        .await?;
    let mut found: Vec<Message> = rows.into_iter().map(Message::from).collect();
    let mut then = departures::pinned_then(conn, agent, sessions).await?;
    then.retain(|id| !found.iter().any(|message| message.id.0 == *id));
    if !then.is_empty() {
        found.extend(many(conn, &then).await?);
    }
    Ok(found)
}

/// How many messages a session has, up to one if it is given.
pub async fn count(conn: &mut Conn, session: SessionId, last: Option<MessageId>) -> QueryResult<i64> {
    let last = last.map_or(i64::MAX, |last| last.0);
    let query = messages::table.filter(messages::session_id.eq(session.0)).filter(messages::id.le(last));
    query.count().get_result(conn).await
}

/// What is written of a new message.
macro_rules! columns_of {
    ($message:expr) => {
        (
            messages::project_id.eq($message.project_id.0),
            messages::session_id.eq($message.session_id.0),
            messages::customer_id.eq($message.customer_id.0),
            messages::chat_id.eq($message.chat_id.0),
            messages::direction.eq($message.direction.name()),
            messages::kind.eq(&$message.kind),
            messages::text.eq(&$message.text),
            messages::entities.eq(&$message.entities),
            messages::author_id.eq($message.author_id.map(|id| id.0)),
            messages::reply_to_id.eq($message.reply_to_id.map(|id| id.0)),
            messages::telegram_message_id.eq($message.telegram_message_id),
            messages::delivery_state.eq($message.delivery.map(DeliveryState::name)),
            messages::created_at.eq(micros($message.created_at)),
            messages::content.eq(json(&$message.content)),
            messages::album_id.eq(&$message.album_id),
            messages::connection.eq($message.content.thread.connection()),
        )
    };
}

/// Adds a message.
pub async fn insert(conn: &mut Conn, message: &NewMessage) -> QueryResult<Message> {
    diesel::insert_into(messages::table)
        .values(columns_of!(message))
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

/// Writes that messages were sent, each with its number in Telegram if that could be read.
pub async fn set_sent(conn: &mut Conn, sent: &[(MessageId, Option<i64>)]) -> QueryResult<()> {
    dialect::set_sent(conn, sent).await
}

/// Writes what a message says since its author changed it, unless what stands was written later by Telegram's clock.
/// Answers whether anything was written.
pub async fn reword(conn: &mut Conn, id: MessageId, rewording: &Rewording<'_>) -> QueryResult<bool> {
    let worded_at = rewording.worded_at.map(micros);
    let indexed = entries_of_messages(conn, &[id.0]).await?;
    let changed = diesel::update(messages::table.find(id.0))
        .filter(messages::worded_at.is_null().or(messages::worded_at.le(worded_at.unwrap_or(i64::MAX))))
        .set((
            messages::kind.eq(rewording.kind),
            messages::text.eq(rewording.text),
            messages::entities.eq(rewording.entities),
            messages::content.eq(json(rewording.content)),
            messages::edited_at.eq(micros(rewording.edited_at)),
            messages::worded_at.eq(worded_at),
        ))
        .execute(conn)
        .await?;
    if changed == 1 {
        text_index::remove(conn, indexed, false).await?;
    }
    Ok(changed == 1)
}

/// Adds a message that Telegram numbers, unless it is there. Answers it if it was not.
pub async fn insert_new(conn: &mut Conn, message: &NewMessage) -> QueryResult<Option<Message>> {
    let row: Option<MessageRow> = diesel::insert_into(messages::table)
        .values(columns_of!(message))
        .on_conflict_do_nothing()
        .returning(MessageRow::as_select())
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(Message::from))
}

/// A message that says something else from now on is not found by its old words.
async fn take_out_of_search(conn: &mut Conn, id: MessageId) -> QueryResult<()> {
    let indexed = entries_of_messages(conn, &[id.0]).await?;
    text_index::remove(conn, indexed, false).await
}

/// Writes the text as its author changed it.
pub async fn set_text(
    conn: &mut Conn,
    id: MessageId,
    text: &str,
    entities: Option<&str>,
    edited_at: Time,
) -> QueryResult<()> {
    take_out_of_search(conn, id).await?;
    diesel::update(messages::table.find(id.0))
        .set((messages::text.eq(text), messages::entities.eq(entities), messages::edited_at.eq(micros(edited_at))))
        .execute(conn)
        .await?;
    Ok(())
}

/// The messages of an album, in its order.
pub async fn of_album(conn: &mut Conn, session: SessionId, album_id: &str) -> QueryResult<Vec<Message>> {
    let rows: Vec<MessageRow> = messages::table
        .filter(messages::session_id.eq(session.0).and(messages::album_id.eq(album_id)))
        .filter(messages::album_id.is_not_null())
        .order(messages::id)
        .select(MessageRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// Writes what was asked for of a message and what came of it.
pub async fn set_changes(conn: &mut Conn, id: MessageId, changes: &Vec<Change>) -> QueryResult<()> {
    diesel::update(messages::table.find(id.0)).set(messages::changes.eq(json(changes))).execute(conn).await?;
    Ok(())
}

/// Writes what a message shows, with since when.
pub async fn set_wording(conn: &mut Conn, id: MessageId, wording: &Wording) -> QueryResult<()> {
    take_out_of_search(conn, id).await?;
    diesel::update(messages::table.find(id.0))
        .set((
            messages::text.eq(&wording.text),
            messages::entities.eq(&wording.entities),
            messages::edited_at.eq(wording.edited_at.map(micros)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes what a message holds beside its text.
pub async fn set_content(conn: &mut Conn, id: MessageId, content: &Content) -> QueryResult<()> {
    diesel::update(messages::table.find(id.0)).set(messages::content.eq(json(content))).execute(conn).await?;
    Ok(())
}

/// Notes that a message is gone from its chat, and so no longer pinned.
pub async fn set_deleted(conn: &mut Conn, id: MessageId, deleted_at: Time) -> QueryResult<()> {
    take_out_of_search(conn, id).await?;
    diesel::update(messages::table.find(id.0))
        .set((messages::deleted_at.eq(micros(deleted_at)), messages::pinned_at.eq(None::<i64>)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes since when a message has been pinned, or that it is not.
pub async fn set_pinned(conn: &mut Conn, id: MessageId, pinned_at: Option<Time>) -> QueryResult<()> {
    diesel::update(messages::table.find(id.0)).set(messages::pinned_at.eq(pinned_at.map(micros))).execute(conn).await?;
    Ok(())
}

/// Lets through a project's messages that were not delivered, as far as is known, and that nobody has taken back: each state
/// has its own text, so that the planner sees the partial index over them.
macro_rules! undelivered {
    ($project:expr, $sight:expr, $states:expr) => {{
        let mut query = messages::table
            .filter(messages::project_id.eq($project.0))
            .filter(sql::<Bool>("messages.delivery_state IN ('FAILED', 'UNKNOWN')"))
            .filter(messages::deleted_at.is_null())
            .filter(InSight($sight.clone()))
            .into_boxed::<Db>();
        if let [state] = $states {
            query = query.filter(messages::delivery_state.eq(state.name()));
        }
        query
    }};
}

/// One page of the messages within somebody's sight that failed or whose fate is unknown, newest first, in the order of
/// reading from the asked end. Both states if `states` does not name a single one.
pub async fn undelivered_page(
    conn: &mut Conn,
    project: ProjectId,
    sight: &Sight,
    states: &[DeliveryState],
    page: Page<MessageId>,
) -> QueryResult<Vec<Message>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = undelivered!(project, sight, states).select(MessageRow::as_select()).limit(limit);
    if let Some(after) = page.after {
        query = query.filter(messages::id.lt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(messages::id.gt(before.0));
    }
    query = if page.from_end { query.order(messages::id.asc()) } else { query.order(messages::id.desc()) };
    let rows: Vec<MessageRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// How many messages of a project failed or have an unknown fate.
pub async fn undelivered_count(
    conn: &mut Conn,
    project: ProjectId,
    sight: &Sight,
    states: &[DeliveryState],
) -> QueryResult<i64> {
    undelivered!(project, sight, states).count().get_result(conn).await
}
