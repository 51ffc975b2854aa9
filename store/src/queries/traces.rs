//! What mentions somebody, where no column names them. These walk through whatever a project has, so that who looks
//! does so before a transaction begins, and within it only at what is new.

use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::search::SearchKind;
use domain::{Message, ProjectId, Time, UpdateRowId};

use super::messages::MessageRow;
use super::prepared::RunQueryDsl;
use super::schema::{messages, outbox, tg_inbox};
use super::{Conn, dialect};
use crate::mapping::{json, micros};
use crate::outbox::Lane;
use crate::traces::Marks;

/// How far each table goes.
pub async fn marks(conn: &mut Conn) -> QueryResult<Marks> {
    let update: Option<i64> = tg_inbox::table.select(max(tg_inbox::id)).first(conn).await?;
    let message: Option<i64> = messages::table.select(max(messages::id)).first(conn).await?;
    let call: Option<i64> = outbox::table.select(max(outbox::id)).first(conn).await?;
    Ok(Marks {
        update: update.unwrap_or_default(),
        message: message.unwrap_or_default(),
        call: call.unwrap_or_default(),
    })
}

/// The updates of a project behind a row whose raw text has a word in it, in order.
pub async fn updates(conn: &mut Conn, project: ProjectId, word: &str, after: i64, limit: i64) -> QueryResult<Vec<i64>> {
    tg_inbox::table
        .filter(tg_inbox::project_id.eq(project.0).and(tg_inbox::id.gt(after)))
        .filter(tg_inbox::raw.like(containing(word)).escape('\\'))
        .order(tg_inbox::id)
        .limit(limit)
        .select(tg_inbox::id)
        .load(conn)
        .await
}

/// The messages of a project behind one that have a word in what they hold beside their text, in order.
pub async fn messages(
    conn: &mut Conn,
    project: ProjectId,
    word: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let pattern = containing(word);
    messages::table
        .filter(messages::project_id.eq(project.0).and(messages::id.gt(after)))
        .filter(messages::content.is_not_null().or(messages::entities.is_not_null()))
        .filter(messages::content.like(pattern.clone()).escape('\\').or(messages::entities.like(pattern).escape('\\')))
        .order(messages::id)
        .limit(limit)
        .select(messages::id)
        .load(conn)
        .await
}

/// The notices to the staff of a project behind a call that have words in them, in order.
pub async fn notices(
    conn: &mut Conn,
    project: ProjectId,
    words: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    outbox::table
        .filter(outbox::project_id.eq(project.0).and(outbox::id.gt(after)))
        .filter(outbox::lane.eq(Lane::Notice.number()).and(outbox::message_id.is_null()))
        .filter(outbox::payload.like(containing(words)).escape('\\'))
        .order(outbox::id)
        .limit(limit)
        .select(outbox::id)
        .load(conn)
        .await
}

/// The messages of sessions that quote one of these messages.
pub async fn quotations(conn: &mut Conn, sessions: &[i64], quoted: &[i64]) -> QueryResult<Vec<Message>> {
    let rows: Vec<MessageRow> = messages::table
        .filter(dialect::one_of("messages.session_id", sessions))
        .filter(dialect::one_of("messages.reply_to_id", quoted))
        .filter(messages::content.like("%\"quote\"%"))
        .select(MessageRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// Writes what is left of a message.
pub async fn rewrite(conn: &mut Conn, message: &Message) -> QueryResult<()> {
    super::search::forget(conn, SearchKind::Message, &[message.id.0]).await?;
    diesel::update(messages::table.find(message.id.0))
        .set((
            messages::kind.eq(&message.kind),
            messages::text.eq(&message.text),
            messages::entities.eq(&message.entities),
            messages::content.eq(json(&message.content)),
            messages::album_id.eq(&message.album_id),
            messages::changes.eq(json(&message.changes)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes what is left of the raw text of an update.
pub async fn redact(conn: &mut Conn, update: UpdateRowId, raw: &str) -> QueryResult<()> {
    diesel::update(tg_inbox::table.find(update.0)).set(tg_inbox::raw.eq(raw)).execute(conn).await?;
    Ok(())
}

/// Empties updates. They will not be worked off, and stay as rows, so that Telegram's telling them again changes nothing.
pub async fn empty(conn: &mut Conn, updates: &[i64]) -> QueryResult<()> {
    diesel::update(tg_inbox::table)
        .filter(dialect::one_of("tg_inbox.id", updates))
        .set((
            tg_inbox::raw.eq(""),
            tg_inbox::error.eq(None::<String>),
            tg_inbox::user_id.eq(None::<i64>),
            tg_inbox::state.eq("DONE"),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Empties calls that are about no message, and withdraws those that wait.
pub async fn empty_calls(conn: &mut Conn, calls: &[i64], now: Time) -> QueryResult<()> {
    diesel::update(outbox::table)
        .filter(dialect::one_of("outbox.id", calls))
        .set((outbox::payload.eq("{}"), outbox::error.eq(None::<String>)))
        .execute(conn)
        .await?;
    diesel::update(outbox::table)
        .filter(dialect::one_of("outbox.id", calls))
        .filter(sql::<Bool>("outbox.state = 'QUEUED'"))
        .set((outbox::settled_at.eq(micros(now)), outbox::state.eq("FAILED")))
        .execute(conn)
        .await?;
    Ok(())
}

/// The words as a pattern that finds them anywhere.
pub(super) fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for character in words.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern + "%"
}
