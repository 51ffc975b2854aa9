//! What the simulated Telegram of a sandbox has to remember.

use diesel::IntoSql as _;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::{ChatId, ProjectId, TelegramUserId};

use super::prepared::RunQueryDsl;
use super::schema::{sandbox_blocks, sandbox_counters, sandbox_faults, sandbox_updates};
use super::traces::containing;
use super::{Conn, dialect};
use crate::sandbox::NewFault;

/// Adds an update and answers its number. `by` is the customer behind it, if it is one.
pub async fn push(conn: &mut Conn, project: ProjectId, by: Option<TelegramUserId>, raw: &str) -> QueryResult<i64> {
    diesel::insert_into(sandbox_updates::table)
        .values((
            sandbox_updates::project_id.eq(project.0),
            sandbox_updates::telegram_user_id.eq(by.map(|user| user.0)),
            sandbox_updates::raw.eq(raw),
        ))
        .returning(sandbox_updates::id)
        .get_result(conn)
        .await
}

/// The updates from a number on that have not been handed over, oldest first.
pub async fn pending(conn: &mut Conn, project: ProjectId, from: i64, limit: i64) -> QueryResult<Vec<(i64, String)>> {
    sandbox_updates::table
        .filter(sandbox_updates::project_id.eq(project.0).and(sandbox_updates::id.ge(from)))
        .order(sandbox_updates::id)
        .limit(limit)
        .select((sandbox_updates::id, sandbox_updates::raw))
        .load(conn)
        .await
}

/// Forgets the updates below a number, which have been handed over.
pub async fn confirm(conn: &mut Conn, project: ProjectId, below: i64) -> QueryResult<usize> {
    diesel::delete(sandbox_updates::table)
        .filter(sandbox_updates::project_id.eq(project.0).and(sandbox_updates::id.lt(below)))
        .execute(conn)
        .await
}

/// The next number for a message.
pub async fn next_message_id(conn: &mut Conn, project: ProjectId) -> QueryResult<i64> {
    diesel::insert_into(sandbox_counters::table)
        .values((sandbox_counters::project_id.eq(project.0), sandbox_counters::last_message_id.eq(1)))
        .on_conflict(sandbox_counters::project_id)
        .do_update()
        .set(sandbox_counters::last_message_id.eq(sandbox_counters::last_message_id + 1))
        .returning(sandbox_counters::last_message_id)
        .get_result(conn)
        .await
}

/// Has the numbers of messages go on behind a number that somebody else has given.
pub async fn pass_message_id(conn: &mut Conn, project: ProjectId, number: i64) -> QueryResult<()> {
    use diesel::query_dsl::methods::FilterDsl as _;
    diesel::insert_into(sandbox_counters::table)
        .values((sandbox_counters::project_id.eq(project.0), sandbox_counters::last_message_id.eq(number)))
        .on_conflict(sandbox_counters::project_id)
        .do_update()
        .set(sandbox_counters::last_message_id.eq(number))
        .filter(sandbox_counters::last_message_id.lt(number))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what the simulated Telegram has of a customer: their updates, whether they have blocked the bot, and
/// what goes wrong with calls to them.
pub async fn erase_customer(conn: &mut Conn, project: ProjectId, user: TelegramUserId) -> QueryResult<()> {
    diesel::delete(sandbox_updates::table)
        .filter(sandbox_updates::project_id.eq(project.0))
        .filter(sandbox_updates::telegram_user_id.eq(user.0))
        .execute(conn)
        .await?;
    // A fault for one chat names whom it strikes.
    diesel::delete(sandbox_faults::table)
        .filter(sandbox_faults::project_id.eq(project.0).and(sandbox_faults::chat_id.eq(user.0)))
        .execute(conn)
        .await?;
    unblock(conn, project, user).await?;
    Ok(())
}

/// What waits and is no customer's own, each with its number, if a word is in it.
pub async fn waiting_with(conn: &mut Conn, project: ProjectId, word: &str) -> QueryResult<Vec<(i64, String)>> {
    sandbox_updates::table
        .filter(sandbox_updates::project_id.eq(project.0).and(sandbox_updates::telegram_user_id.is_null()))
        .filter(sandbox_updates::raw.like(containing(word)).escape('\\'))
        .select((sandbox_updates::id, sandbox_updates::raw))
        .load(conn)
        .await
}

/// Forgets what waits.
pub async fn drop_updates(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::delete(sandbox_updates::table).filter(dialect::one_of("sandbox_updates.id", ids)).execute(conn).await?;
    Ok(())
}

/// Has a customer block the bot. Answers whether that is new.
pub async fn block(conn: &mut Conn, project: ProjectId, user: TelegramUserId) -> QueryResult<bool> {
    let added = diesel::insert_into(sandbox_blocks::table)
        .values((sandbox_blocks::project_id.eq(project.0), sandbox_blocks::telegram_user_id.eq(user.0)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// Has a customer let the bot in again. Answers whether that is new.
pub async fn unblock(conn: &mut Conn, project: ProjectId, user: TelegramUserId) -> QueryResult<bool> {
    let removed = diesel::delete(sandbox_blocks::table.find((project.0, user.0))).execute(conn).await?;
    Ok(removed == 1)
}

/// Whether a customer has blocked the bot.
pub async fn blocks(conn: &mut Conn, project: ProjectId, user: TelegramUserId) -> QueryResult<bool> {
    let found: Option<i64> = sandbox_blocks::table
        .find((project.0, user.0))
        .select(sandbox_blocks::telegram_user_id)
        .first(conn)
        .await
        .optional()?;
    Ok(found.is_some())
}

/// Adds a fault.
pub async fn insert_fault(conn: &mut Conn, new: &NewFault<'_>) -> QueryResult<()> {
    diesel::insert_into(sandbox_faults::table)
        .values((
            sandbox_faults::project_id.eq(new.project_id.0),
            sandbox_faults::method.eq(new.method),
            sandbox_faults::chat_id.eq(new.chat_id.map(|chat| chat.0)),
            sandbox_faults::fault.eq(new.fault),
            sandbox_faults::strikes_left.eq(new.strikes),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// How many faults wait in a project.
pub async fn fault_count(conn: &mut Conn, project: ProjectId) -> QueryResult<i64> {
    sandbox_faults::table.filter(sandbox_faults::project_id.eq(project.0)).count().get_result(conn).await
}

/// The oldest fault that strikes a call: its number, what it is, and how often it strikes yet. Those that name no method
/// count if `unnamed`.
pub async fn fault_for(
    conn: &mut Conn,
    project: ProjectId,
    method: &str,
    unnamed: bool,
    chat: Option<ChatId>,
) -> QueryResult<Option<(i64, String, Option<i64>)>> {
    sandbox_faults::table
        .filter(sandbox_faults::project_id.eq(project.0))
        .filter(sandbox_faults::method.eq(method).or(sandbox_faults::method.is_null().and(unnamed.into_sql::<Bool>())))
        .filter(sandbox_faults::chat_id.is_null().or(sandbox_faults::chat_id.eq(chat.map(|chat| chat.0))))
        .order(sandbox_faults::id)
        .select((sandbox_faults::id, sandbox_faults::fault, sandbox_faults::strikes_left))
        .first(conn)
        .await
        .optional()
}

/// Counts a strike of a fault that strikes a number of times, and takes it away with the last. Answers whether it was
/// still there, which of two calls at the same time only one is told.
pub async fn spend_fault(conn: &mut Conn, id: i64, strikes_left: i64) -> QueryResult<bool> {
    let it = sandbox_faults::table.filter(sandbox_faults::id.eq(id).and(sandbox_faults::strikes_left.eq(strikes_left)));
    let spent = if strikes_left > 1 {
        diesel::update(it).set(sandbox_faults::strikes_left.eq(strikes_left - 1)).execute(conn).await?
    } else {
        diesel::delete(it).execute(conn).await?
    };
    Ok(spent == 1)
}

/// Takes every fault of a project away. Answers how many there were.
pub async fn clear_faults(conn: &mut Conn, project: ProjectId) -> QueryResult<usize> {
    diesel::delete(sandbox_faults::table).filter(sandbox_faults::project_id.eq(project.0)).execute(conn).await
}
