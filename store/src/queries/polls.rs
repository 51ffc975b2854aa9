//! Which messages show a poll.

use diesel::prelude::*;
use domain::{MessageId, ProjectId};

use super::prepared::RunQueryDsl;
use super::schema::polls;
use super::{Conn, dialect};
use crate::mapping::IntoDomain;

/// How many messages that show one poll are kept up to date at most.
const MOST: i64 = 100;

/// Notes that a message shows a poll.
pub async fn insert(conn: &mut Conn, project: ProjectId, poll_id: &str, message: MessageId) -> QueryResult<()> {
    diesel::insert_into(polls::table)
        .values((polls::project_id.eq(project.0), polls::poll_id.eq(poll_id), polls::message_id.eq(message.0)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// The messages that show a poll, the newest first.
pub async fn messages(conn: &mut Conn, project: ProjectId, poll_id: &str) -> QueryResult<Vec<MessageId>> {
    let ids: Vec<i64> = polls::table
        .filter(polls::project_id.eq(project.0).and(polls::poll_id.eq(poll_id)))
        .order(polls::message_id.desc())
        .limit(MOST)
        .select(polls::message_id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(IntoDomain::into_domain).collect())
}

/// The polls that messages show, as Telegram names them.
pub async fn of_messages(conn: &mut Conn, messages: &[i64]) -> QueryResult<Vec<String>> {
    polls::table
        .filter(dialect::one_of("polls.message_id", messages))
        .select(polls::poll_id)
        .distinct()
        .load(conn)
        .await
}
