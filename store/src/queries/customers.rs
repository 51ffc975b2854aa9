//! Customers.

use diesel::prelude::*;
use domain::customer::Profile;
use domain::{ChatId, Customer, CustomerKind, ProjectId, TelegramUserId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::customers;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Named, micros, row};

row! { CustomerRow of customers is Customer {
    id: i64,
    project_id: i64,
    telegram_user_id: i64,
    chat_id: i64,
    name: String,
    username: Option<String>,
    language_code: Option<String>,
    unreachable_since: Option<At>,
    created_at: At,
    kind: Named<CustomerKind>,
    reachability_at: Option<At>,
    banned_at: Option<At>,
    ban_reason: Option<String>,
    erased_at: Option<At>,
} }

/// The customers with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Customer>> {
    let query = customers::table.filter(dialect::one_of("customers.id", ids)).select(CustomerRow::as_select());
    let rows: Vec<CustomerRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Customer::from).collect())
}

/// The customer that a Telegram user is in a project.
pub async fn by_telegram_user(
    conn: &mut Conn,
    project: ProjectId,
    user: TelegramUserId,
) -> QueryResult<Option<Customer>> {
    let row = customers::table
        .filter(customers::project_id.eq(project.0).and(customers::telegram_user_id.eq(user.0)))
        .select(CustomerRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Customer::from))
}

/// Adds a customer.
pub async fn insert(
    conn: &mut Conn,
    project: ProjectId,
    chat: ChatId,
    profile: &Profile,
    now: Time,
) -> QueryResult<Customer> {
    diesel::insert_into(customers::table)
        .values((
            customers::project_id.eq(project.0),
            customers::telegram_user_id.eq(profile.telegram_user_id.0),
            customers::chat_id.eq(chat.0),
            customers::name.eq(&profile.name),
            customers::username.eq(&profile.username),
            customers::language_code.eq(&profile.language_code),
            customers::created_at.eq(micros(now)),
            customers::kind.eq(profile.kind.name()),
        ))
        .returning(CustomerRow::as_select())
        .get_result(conn)
        .await
        .map(Customer::from)
}

/// Writes everything about a customer that can change.
pub async fn update(conn: &mut Conn, customer: &Customer) -> QueryResult<()> {
    diesel::update(customers::table.find(customer.id.0))
        .set((
            customers::telegram_user_id.eq(customer.telegram_user_id.0),
            customers::chat_id.eq(customer.chat_id.0),
            customers::name.eq(&customer.name),
            customers::username.eq(&customer.username),
            customers::language_code.eq(&customer.language_code),
            customers::unreachable_since.eq(customer.unreachable_since.map(micros)),
            customers::kind.eq(customer.kind.name()),
            customers::reachability_at.eq(customer.reachability_at.map(micros)),
            customers::banned_at.eq(customer.banned_at.map(micros)),
            customers::ban_reason.eq(&customer.ban_reason),
            customers::erased_at.eq(customer.erased_at.map(micros)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
