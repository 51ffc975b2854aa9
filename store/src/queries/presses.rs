//! Who has tapped which button.

use diesel::prelude::*;
use domain::TelegramUserId;

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::presses;

/// Notes that somebody tapped a button. Answers whether it was for the first time.
pub async fn insert(conn: &mut Conn, code: &str, user: TelegramUserId) -> QueryResult<bool> {
    let added = diesel::insert_into(presses::table)
        .values((presses::code.eq(code), presses::telegram_user_id.eq(user.0)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}
