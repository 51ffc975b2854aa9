//! Erasing what the desk has of a customer.

use diesel::IntoSql as _;
use diesel::dsl::{case_when, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use domain::search::SearchKind;
use domain::{ChatId, CustomerId, FileId, MessageId, ProjectId, TelegramUserId, Time};

use super::prepared::RunQueryDsl;
use super::schema::{
    buttons, chat_migrations, file_uses, files, idempotency_keys, messages, meta, outbox, outbox_queues, polls,
    presses, tg_inbox,
};
use super::{Conn, dialect};
use crate::mapping::{IntoDomain, micros};

/// The kind of a message of which nothing is left.
const ERASED_KIND: &str = "erased";
/// Why what had not been sent never will be.
const WITHDRAWN: &str = "everything about the customer was erased before it was sent";

/// Empties the updates of a user and of a group. They stay as rows, so that Telegram's telling them again changes
/// nothing; those that were not worked off yet never will be. Another number stands in the place of the chat's.
pub async fn updates(
    conn: &mut Conn,
    project: ProjectId,
    user: TelegramUserId,
    chat: ChatId,
    instead: i64,
) -> QueryResult<usize> {
    let emptied = || {
        (
            tg_inbox::raw.eq(""),
            tg_inbox::error.eq(None::<String>),
            tg_inbox::user_id.eq(None::<i64>),
            tg_inbox::chat_id.eq(instead),
            tg_inbox::state.eq("DONE"),
        )
    };
    let of_project = tg_inbox::project_id.eq(project.0);
    let of_user = diesel::update(tg_inbox::table)
        .filter(of_project)
        .filter(tg_inbox::user_id.eq(user.0))
        .set(emptied())
        .execute(conn)
        .await?;
    let of_group = diesel::update(tg_inbox::table)
        .filter(of_project)
        .filter(tg_inbox::chat_id.eq(chat.0))
        .filter(sql::<Bool>("tg_inbox.chat_id < 0"))
        .set(emptied())
        .execute(conn)
        .await?;
    Ok(of_user + of_group)
}

/// The messages of sessions, in order.
pub async fn message_ids(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<MessageId>> {
    let ids: Vec<i64> = messages::table
        .filter(dialect::one_of("messages.session_id", sessions))
        .order(messages::id)
        .select(messages::id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(IntoDomain::into_domain).collect())
}

/// Empties the messages of sessions.
pub async fn messages(conn: &mut Conn, sessions: &[i64], instead: i64) -> QueryResult<usize> {
    let ids: Vec<i64> = message_ids(conn, sessions).await?.into_iter().map(|id| id.0).collect();
    super::search::forget(conn, SearchKind::Message, &ids).await?;
    let is_waiting = || sql::<Bool>("messages.delivery_state = 'QUEUED'");
    diesel::update(messages::table)
        .filter(dialect::one_of("messages.session_id", sessions))
        .set((
            messages::kind.eq(ERASED_KIND),
            messages::text.eq(""),
            messages::entities.eq(None::<String>),
            messages::content.eq(None::<String>),
            messages::changes.eq(None::<String>),
            messages::album_id.eq(None::<String>),
            messages::chat_id.eq(instead),
            messages::connection.eq(""),
            messages::telegram_message_id.eq(None::<i64>),
            messages::delivery_error.eq(case_when(is_waiting(), Some(WITHDRAWN)).otherwise(None::<&str>)),
            messages::delivery_state.eq(case_when(is_waiting(), Some("FAILED")).otherwise(messages::delivery_state)),
        ))
        .execute(conn)
        .await
}

/// Empties the calls about messages and to a chat, and withdraws those that wait.
pub async fn calls(
    conn: &mut Conn,
    project: ProjectId,
    messages: &[i64],
    chat: ChatId,
    instead: i64,
    now: Time,
) -> QueryResult<()> {
    let is_waiting = || sql::<Bool>("outbox.state = 'QUEUED'");
    let emptied = || {
        (
            outbox::payload.eq("{}"),
            outbox::attachments.eq(None::<String>),
            outbox::error.eq(None::<String>),
            outbox::chat_id.eq(instead),
            outbox::settled_at.eq(case_when(is_waiting(), Some(micros(now))).otherwise(outbox::settled_at)),
            outbox::state.eq(case_when(is_waiting(), "FAILED".into_sql::<Text>()).otherwise(outbox::state)),
        )
    };
    diesel::update(outbox::table)
        .filter(dialect::one_of("outbox.message_id", messages))
        .set(emptied())
        .execute(conn)
        .await?;
    diesel::update(outbox::table)
        .filter(outbox::project_id.eq(project.0).and(outbox::chat_id.eq(chat.0)))
        .filter(outbox::message_id.is_null())
        .set(emptied())
        .execute(conn)
        .await?;
    diesel::delete(outbox_queues::table)
        .filter(outbox_queues::project_id.eq(project.0).and(outbox_queues::chat_id.eq(chat.0)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what hangs on messages: their buttons and who tapped these, the polls that they show, and what the requests
/// were that made them.
pub async fn belongings(conn: &mut Conn, project: ProjectId, ids: &[i64], user: TelegramUserId) -> QueryResult<()> {
    let under_them = buttons::table.filter(dialect::one_of("buttons.message_id", ids)).select(buttons::code);
    let codes: Vec<String> = under_them.load(conn).await?;
    diesel::delete(presses::table).filter(dialect::one_of_texts("presses.code", &codes)).execute(conn).await?;
    let is_of_project =
        sql::<Bool>("EXISTS (SELECT 1 FROM buttons WHERE buttons.code = presses.code AND project_id = ")
            .bind::<BigInt, _>(project.0)
            .sql(")");
    diesel::delete(presses::table)
        .filter(presses::telegram_user_id.eq(user.0))
        .filter(is_of_project)
        .execute(conn)
        .await?;
    diesel::delete(buttons::table).filter(dialect::one_of("buttons.message_id", ids)).execute(conn).await?;
    diesel::delete(polls::table).filter(dialect::one_of("polls.message_id", ids)).execute(conn).await?;
    diesel::delete(idempotency_keys::table)
        .filter(idempotency_keys::operation.like("message%"))
        .filter(dialect::one_of("idempotency_keys.object_id", ids))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the numbers that a group had.
pub async fn migrations(conn: &mut Conn, project: ProjectId, chat: ChatId) -> QueryResult<()> {
    diesel::delete(chat_migrations::table)
        .filter(chat_migrations::project_id.eq(project.0))
        .filter(chat_migrations::from_chat_id.eq(chat.0).or(chat_migrations::to_chat_id.eq(chat.0)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that an upload goes to a customer.
pub async fn note_file_use(conn: &mut Conn, customer: CustomerId, file: FileId) -> QueryResult<()> {
    diesel::insert_into(file_uses::table)
        .values((file_uses::customer_id.eq(customer.0), file_uses::file_id.eq(file.0)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes the uploads that went to nobody but a customer.
pub async fn files(conn: &mut Conn, customer: CustomerId) -> QueryResult<usize> {
    // Whoever is about to send one of them to somebody else has locked it.
    let theirs: Vec<i64> =
        file_uses::table.filter(file_uses::customer_id.eq(customer.0)).select(file_uses::file_id).load(conn).await?;
    let locked: Vec<i64> =
        for_update!(files::table.filter(dialect::one_of("files.id", &theirs)).order(files::id).select(files::id))
            .load(conn)
            .await?;
    let ids: Vec<i64> = file_uses::table
        .filter(file_uses::customer_id.eq(customer.0))
        .filter(dialect::one_of("file_uses.file_id", &locked))
        .filter(
            sql::<Bool>("NOT EXISTS (SELECT 1 FROM file_uses AS other WHERE other.file_id = file_uses.file_id")
                .sql(" AND other.customer_id <> file_uses.customer_id)"),
        )
        .select(file_uses::file_id)
        .load(conn)
        .await?;
    diesel::delete(file_uses::table).filter(file_uses::customer_id.eq(customer.0)).execute(conn).await?;
    diesel::delete(files::table).filter(dialect::one_of("files.id", &ids)).execute(conn).await
}

/// Changes the fact that tells of erasures.
pub async fn tell(conn: &mut Conn, fact: &str) -> QueryResult<()> {
    diesel::update(meta::table.find(fact))
        .set(meta::value.eq(sql("CAST(CAST(value AS BIGINT) + 1 AS TEXT)")))
        .execute(conn)
        .await?;
    Ok(())
}
