//! Reading what the desk has of a customer.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::filter::Page;
use domain::{ChatId, CustomerId, ProjectId, Session, SessionId, Sight, TelegramUserId};

use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::{sessions, tg_inbox};
use super::visibility::{Extent, Within};
use super::{Conn, Db, dialect};
use crate::mapping::IntoDomain;

/// One page of those of a customer's sessions that somebody may read, newest first, in the order of reading from the
/// asked end.
pub async fn session_page(
    conn: &mut Conn,
    customer: CustomerId,
    sight: &Sight,
    page: Page<SessionId>,
) -> QueryResult<Vec<Session>> {
    let mut query = sessions::table
        .filter(sessions::customer_id.eq(customer.0))
        .filter(Within { sight: sight.clone(), extent: Extent::Readable })
        .select(sessions::id)
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(sessions::id.lt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(sessions::id.gt(before.0));
    }
    query = if page.from_end { query.order(sessions::id.asc()) } else { query.order(sessions::id.desc()) };
    let ids: Vec<i64> = dialect::load_all(FreeForm(query), conn).await?;
    let mut found = super::sessions::many(conn, &ids).await?;
    found.sort_by_key(|session| ids.iter().position(|id| *id == session.id.0));
    Ok(found)
}

/// How many sessions a customer has that somebody may read.
pub async fn session_count(conn: &mut Conn, customer: CustomerId, sight: &Sight) -> QueryResult<i64> {
    let query = sessions::table
        .filter(sessions::customer_id.eq(customer.0))
        .filter(Within { sight: sight.clone(), extent: Extent::Readable })
        .count();
    diesel_async::RunQueryDsl::get_result(FreeForm(query), conn).await
}

/// Every session of a customer, oldest first.
pub async fn session_ids(conn: &mut Conn, customer: CustomerId) -> QueryResult<Vec<SessionId>> {
    let ids: Vec<i64> = sessions::table
        .filter(sessions::customer_id.eq(customer.0))
        .order(sessions::id)
        .select(sessions::id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(IntoDomain::into_domain).collect())
}

/// The stored updates of a user, or of a group, behind a row, in the order of arrival, each with its row. The number of
/// a group is below 0.
pub async fn updates(
    conn: &mut Conn,
    project: ProjectId,
    user: TelegramUserId,
    chat: ChatId,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, String)>> {
    let behind = tg_inbox::table
        .filter(tg_inbox::project_id.eq(project.0))
        .filter(tg_inbox::id.gt(after))
        .order(tg_inbox::id)
        .limit(limit)
        .select((tg_inbox::id, tg_inbox::raw));
    if chat.0 < 0 {
        behind.filter(tg_inbox::chat_id.eq(chat.0)).filter(sql::<Bool>("tg_inbox.chat_id < 0")).load(conn).await
    } else {
        behind.filter(tg_inbox::user_id.eq(user.0)).load(conn).await
    }
}
