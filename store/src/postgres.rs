//! PostgreSQL: one server, many processes.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::Timeouts;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};

/// Locks the rows that a query finds until the transaction ends.
macro_rules! for_update {
    ($query:expr) => {
        $query.for_update()
    };
}

/// Locks the rows that a query finds, and passes over those that another process has.
macro_rules! for_update_skip_locked {
    ($query:expr) => {
        $query.for_update().skip_locked()
    };
}

#[path = "queries/mod.rs"]
pub(crate) mod queries;

pub(crate) type Db = diesel::pg::Pg;
pub(crate) type Conn = AsyncPgConnection;

/// How long a request waits for a connection before the database counts as out of reach.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);

/// The pool of connections, for reading and writing alike.
pub(crate) fn pool(url: &str, size: usize) -> Pool<Conn> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, config))
        .max_size(size)
        .timeouts(Timeouts {
            wait: Some(WAIT_FOR_CONNECTION),
            create: Some(WAIT_FOR_CONNECTION),
            recycle: Some(WAIT_FOR_CONNECTION),
        })
        .runtime(Runtime::Tokio1)
        .build()
        .expect("the runtime for time-outs is given")
}

/// What PostgreSQL says in its own words.
pub(crate) mod dialect {
    use diesel::dsl::{AsExprOf, sql};
    use diesel::expression::{SqlLiteral, UncheckedBind};
    use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult};
    use diesel_async::{AnsiTransactionManager, RunQueryDsl, TransactionManager};

    use super::*;
    use crate::inbox::NewUpdate;
    use crate::postgres::queries::events::EventInsert;
    use crate::postgres::queries::schema::events;

    /// A condition with one list of numbers.
    pub(crate) type OneOf =
        SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, AsExprOf<Vec<i64>, Array<BigInt>>>>;

    /// The condition that a column is one of many numbers, as one statement whatever their
    /// count.
    pub(crate) fn one_of(column: &'static str, values: &[i64]) -> OneOf {
        sql::<Bool>(&format!("{column} = ANY("))
            .bind::<Array<BigInt>, _>(values.to_vec())
            .sql(")")
    }

    /// The events that readers may see: those of transactions older than every one that is
    /// still running. Nothing can appear among them later, so that no reader ever skips one.
    pub(crate) fn readable_events<'a>() -> events::BoxedQuery<'a, Db> {
        events::table
            .filter(sql::<Bool>(
                "tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
            ))
            .into_boxed()
    }

    /// Only the events after a position, in the order of the log. The first condition alone
    /// decides where the index is entered.
    pub(crate) fn in_log_order<'a>(
        query: events::BoxedQuery<'a, Db>,
        after: domain::Position,
    ) -> events::BoxedQuery<'a, Db> {
        query
            .filter(events::tx.ge(after.transaction))
            .filter(
                events::tx
                    .gt(after.transaction)
                    .or(events::seq.gt(after.sequence)),
            )
            .order((events::tx, events::seq))
    }

    /// The time of the database in microseconds.
    pub(crate) fn now_micros() -> SqlLiteral<BigInt> {
        sql("(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint")
    }

    /// Stores updates and leaves out those that are stored already, in one statement. Answers
    /// how many are new.
    pub(crate) async fn insert_updates(
        conn: &mut Conn,
        updates: &[NewUpdate],
        now: i64,
    ) -> QueryResult<usize> {
        let numbers = |of: fn(&NewUpdate) -> i64| updates.iter().map(of).collect::<Vec<i64>>();
        diesel::sql_query(
            "INSERT INTO tg_inbox (project_id, epoch, update_id, chat_id, kind, raw, state, attempts, not_before, received_at) \
             SELECT project_id, epoch, update_id, chat_id, kind, raw, 'PENDING', 0, $1, $1 \
             FROM unnest($2, $3, $4, $5, $6, $7) WITH ORDINALITY \
             AS u (project_id, epoch, update_id, chat_id, kind, raw, place) ORDER BY place \
             ON CONFLICT DO NOTHING",
        )
        .bind::<BigInt, _>(now)
        .bind::<Array<BigInt>, _>(numbers(|update| update.project_id.0))
        .bind::<Array<BigInt>, _>(numbers(|update| update.epoch))
        .bind::<Array<BigInt>, _>(numbers(|update| update.update_id))
        .bind::<Array<BigInt>, _>(numbers(|update| update.chat_id.0))
        .bind::<Array<Text>, _>(updates.iter().map(|update| update.kind.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(updates.iter().map(|update| update.raw.as_str()).collect::<Vec<_>>())
        .execute(conn)
        .await
    }

    /// Writes events in this order, in one statement.
    pub(crate) async fn insert_events(conn: &mut Conn, new: Vec<EventInsert>) -> QueryResult<()> {
        diesel::insert_into(events::table)
            .values(new)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(conn: &mut Conn) -> QueryResult<()> {
        AnsiTransactionManager::begin_transaction(conn).await
    }
}
