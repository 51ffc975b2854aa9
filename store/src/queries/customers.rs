//! Customers.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use domain::customer::{Acquaintance, CustomerFilter, Profile};
use domain::filter::Page;
use domain::{ChatId, Customer, CustomerId, CustomerKind, ProjectId, Sight, TelegramUserId, Time};

use super::customer_filter::{GoesOn, Passes};
use super::prepared::{FreeForm, Prepared, RunQueryDsl};
use super::schema::customers;
use super::{Conn, Db, agent_inbox, dialect};
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
    let query = customers::table.filter(dialect::looked_up("customers.id", ids)).select(CustomerRow::as_select());
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

/// The customers that these Telegram users are in a project, in no order.
pub async fn by_telegram_users(conn: &mut Conn, project: ProjectId, users: &[i64]) -> QueryResult<Vec<Customer>> {
    let query = customers::table
        .filter(customers::project_id.eq(project.0))
        .filter(dialect::one_of("customers.telegram_user_id", users))
        .select(CustomerRow::as_select());
    let rows: Vec<CustomerRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Customer::from).collect())
}

/// How an agent who sees this far knows these customers, those whom they know, in no order: what
/// [`Acquaintance::of`] says.
pub async fn acquaintances(
    conn: &mut Conn,
    sight: &Sight,
    ids: &[i64],
) -> QueryResult<Vec<(CustomerId, Acquaintance)>> {
    let Sight::Own { agent_id, .. } = sight else {
        return Ok(ids.iter().map(|id| (CustomerId(*id), Acquaintance::Current)).collect());
    };
    let last_left = sql::<Nullable<BigInt>>(
        "(SELECT MAX(gone.left_at) FROM sessions AS former JOIN session_departures AS gone \
         ON gone.session_id = former.id WHERE former.customer_id = customers.id AND gone.through_id IS NULL \
         AND gone.agent_id = ",
    )
    .bind::<BigInt, _>(agent_id.0)
    .sql(")");
    let query = customers::table.filter(dialect::one_of("customers.id", ids)).select((
        customers::id,
        GoesOn(sight.clone()),
        last_left,
    ));
    let rows: Vec<(i64, bool, Option<At>)> = dialect::load_all(FreeForm(query), conn).await?;
    let known = |(id, goes_on, left_at): (i64, bool, Option<At>)| {
        let known = if goes_on { Acquaintance::Current } else { Acquaintance::Former { until: left_at?.0 } };
        Some((CustomerId(id), known))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// With how many sessions in an agent's inbox at most their customers are looked up first. Who has more finds one of
/// them often enough when all are walked through, the newest first.
const FEW_SESSIONS: i64 = 1_000;

/// One page of those of a project's customers that pass a filter and of whom a session goes on for somebody, the
/// newest first, in the order of reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    project: ProjectId,
    sight: &Sight,
    filter: &CustomerFilter,
    page: Page<CustomerId>,
) -> QueryResult<Vec<Customer>> {
    // Who has few sessions begins with these, not with all customers there are.
    let few = agent_inbox::few_customers(conn, project, sight, FEW_SESSIONS).await?;
    let mut query = customers::table
        .filter(Passes::new(project, filter, few.is_some()))
        .filter(GoesOn(sight.clone()))
        .select(CustomerRow::as_select())
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(few) = few {
        query = query.filter(dialect::one_of("customers.id", &few));
    }
    if let Some(after) = page.after {
        query = query.filter(customers::id.lt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(customers::id.gt(before.0));
    }
    query = if page.from_end { query.order(customers::id.asc()) } else { query.order(customers::id.desc()) };
    let rows: Vec<CustomerRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(Customer::from).collect())
}

/// How many of a project's customers pass a filter and have a session that goes on for somebody.
pub async fn count(conn: &mut Conn, project: ProjectId, sight: &Sight, filter: &CustomerFilter) -> QueryResult<i64> {
    let few = agent_inbox::few_customers(conn, project, sight, FEW_SESSIONS).await?;
    let mut query = customers::table
        .filter(Passes::new(project, filter, few.is_some()))
        .filter(GoesOn(sight.clone()))
        .count()
        .into_boxed::<Db>();
    if let Some(few) = few {
        query = query.filter(dialect::one_of("customers.id", &few));
    }
    diesel_async::RunQueryDsl::get_result(FreeForm(query), conn).await
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
