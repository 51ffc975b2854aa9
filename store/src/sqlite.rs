//! SQLite: one file, one process, one writer and several readers.

use std::error::Error;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool::Runtime;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{Connection as _, ConnectionError, ConnectionResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::sync_connection_wrapper::{SpawnBlocking, SyncConnectionWrapper};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// Only one transaction writes at a time, so that a row has not to be locked.
macro_rules! for_update {
    ($query:expr) => {
        $query
    };
}

/// Only one transaction writes at a time, so that nobody else can change a row.
macro_rules! for_no_key_update {
    ($query:expr) => {
        $query
    };
}

/// Only one transaction writes at a time, so that nobody else can change a row.
macro_rules! for_share {
    ($query:expr) => {
        $query
    };
}

/// Only one transaction writes at a time, so that there is nothing to skip.
macro_rules! for_no_key_update_skip_locked {
    ($query:expr) => {
        $query
    };
}

/// Only one transaction writes at a time, so that there is nothing to skip.
macro_rules! for_update_skip_locked {
    ($query:expr) => {
        $query
    };
}

#[path = "queries/mod.rs"]
pub(crate) mod queries;
pub(crate) mod text_index;

pub(crate) type Db = diesel::sqlite::Sqlite;
pub(crate) type Conn = SyncConnectionWrapper<SqliteConnection, Threads>;

/// Where the calls of a connection run.
pub(crate) enum Threads {
    /// On the thread of the caller. Readers never wait for a lock in WAL mode, and a look-up
    /// by an index costs less than a change of threads.
    Caller,
    /// On the thread of the caller as well, except where the writer may have to wait.
    Writer(Waits),
}

/// Whether the writer's next call may have to wait: for its turn when a transaction begins, and
/// for the disk when it ends. Then the call gets a thread of its own. In between the writer has
/// the lock and writes to memory, and a change of threads would cost more than a statement.
#[derive(Clone)]
pub(crate) struct Waits(Arc<AtomicBool>);

impl Waits {
    fn new() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    pub(crate) fn set(&self, waits: bool) {
        self.0.store(waits, Ordering::Relaxed);
    }
}

impl SpawnBlocking for Threads {
    fn spawn_blocking<'a, R>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn Error + Send + Sync + 'static>>>
    where
        R: Send + 'static,
    {
        match self {
            Self::Writer(waits) if waits.0.load(Ordering::Relaxed) => {
                let task = tokio::task::spawn_blocking(task);
                async move { task.await.map_err(Into::into) }.boxed()
            }
            Self::Caller | Self::Writer(_) => ready(Ok(task())).boxed(),
        }
    }

    fn get_runtime() -> Self {
        Self::Writer(Waits::new())
    }
}

/// Durable commits (`synchronous = FULL` syncs the log on each), readers beside the writer,
/// and foreign keys, which SQLite leaves off otherwise. What is deleted is overwritten
/// (`secure_delete`), so that of a customer who was erased nothing is left in the file.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 2147418112; \
    PRAGMA cache_size = -4096; PRAGMA journal_size_limit = 67108864;";

/// How long a request waits for its turn before the database counts as overloaded.
const WAIT_FOR_TURN: Duration = Duration::from_secs(5);

/// The pool of the one writer, and what tells it when it may have to wait.
pub(crate) fn writer(path: &str) -> (Pool<Conn>, Waits) {
    let waits = Waits::new();
    let of_pool = waits.clone();
    let pool = pool(path, 1, move |path| {
        Ok(SyncConnectionWrapper::with_runtime(open(path, "")?, Threads::Writer(of_pool.clone())))
    });
    (pool, waits)
}

/// The pool of the readers, which cannot write.
pub(crate) fn readers(path: &str, count: usize) -> Pool<Conn> {
    pool(path, count, |path| {
        Ok(SyncConnectionWrapper::with_runtime(open(path, "PRAGMA query_only = ON;")?, Threads::Caller))
    })
}

/// Opens the file, or makes it, for one connection.
pub(crate) fn open(path: &str, more_pragmas: &str) -> ConnectionResult<SqliteConnection> {
    use diesel::connection::SimpleConnection;
    let mut connection = SqliteConnection::establish(path)?;
    connection
        .batch_execute(&format!("{PRAGMAS}{more_pragmas}"))
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Brings everything from the log into the file and empties the log. Answers whether nobody was in the way.
pub(crate) async fn truncate_log(conn: &mut Conn) -> diesel::QueryResult<bool> {
    #[derive(diesel::QueryableByName)]
    struct Outcome {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        busy: i32,
    }
    let statement = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)");
    let outcome: Outcome = diesel_async::RunQueryDsl::get_result(statement, conn).await?;
    Ok(outcome.busy == 0)
}

fn pool(
    path: &str,
    size: usize,
    open: impl Fn(&str) -> ConnectionResult<Conn> + Clone + Send + Sync + 'static,
) -> Pool<Conn> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |path| {
        let (path, open) = (path.to_owned(), open.clone());
        async move {
            tokio::task::spawn_blocking(move || open(&path))
                .await
                .unwrap_or_else(|stopped| Err(ConnectionError::BadConnection(stopped.to_string())))
        }
        .boxed()
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(path, config))
        .max_size(size)
        .wait_timeout(Some(WAIT_FOR_TURN))
        .runtime(Runtime::Tokio1)
        .build()
        .expect("the runtime for time-outs is given")
}

/// What SQLite says in its own words.
pub(crate) mod dialect {
    use diesel::dsl::{AsExprOf, sql};
    use diesel::expression::{SqlLiteral, UncheckedBind};
    use diesel::query_dsl::LoadQuery;
    use diesel::sql_types::{Integer, Nullable};
    use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
    use domain::{DeliveryState, MessageId};

    use super::*;
    use crate::inbox::NewUpdate;
    use crate::outbox::{Hold, Lane, Room};
    use crate::sqlite::queries::events::EventInsert;
    use crate::sqlite::queries::outbox::{TurnRow, turns, unordered};
    use crate::sqlite::queries::prepared::{self, FreeForm, Prepared};
    use crate::sqlite::queries::schema::{events, messages, outbox_queues, tg_inbox};

    /// A condition with one list of numbers.
    pub(crate) type OneOf = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, AsExprOf<String, Text>>>;

    /// The condition that a column is one of many numbers, as one statement whatever their
    /// count.
    pub(crate) fn one_of(column: &'static str, values: &[i64]) -> OneOf {
        let list: Vec<String> = values.iter().map(i64::to_string).collect();
        sql::<Bool>(&format!("{column} IN (SELECT value FROM json_each("))
            .bind::<Text, _>(format!("[{}]", list.join(",")))
            .sql("))")
    }

    /// The same of the key of a table, where nothing else is asked.
    pub(crate) use one_of as looked_up;

    /// What stands around a value that the planner is not to see, which does not look at values.
    pub(crate) const UNSEEN: [&str; 2] = ["", ""];

    /// The condition that a column is one of many texts, as one statement whatever their count.
    pub(crate) fn one_of_texts(column: &'static str, values: &[String]) -> OneOf {
        sql::<Bool>(&format!("{column} IN (SELECT value FROM json_each("))
            .bind::<Text, _>(serde_json::Value::from(values).to_string())
            .sql("))")
    }

    /// The events that readers may see. Commits happen in the order of the sequence.
    pub(crate) fn readable_events<'a>() -> events::BoxedQuery<'a, Db> {
        events::table.into_boxed()
    }

    /// Only the events after a position, in the order of the log.
    pub(crate) fn in_log_order<'a>(
        query: events::BoxedQuery<'a, Db>,
        after: domain::Position,
    ) -> events::BoxedQuery<'a, Db> {
        query.filter(events::seq.gt(after.sequence)).order(events::seq)
    }

    /// From the end of the log back to its start.
    pub(crate) fn from_the_end<'a>(query: events::BoxedQuery<'a, Db>) -> events::BoxedQuery<'a, Db> {
        query.order(events::seq.desc())
    }

    /// Deletes the events up to a position and that one itself.
    pub(crate) async fn delete_events(conn: &mut Conn, through: domain::Position) -> QueryResult<usize> {
        conn.spawn_blocking(move |conn| {
            diesel::delete(events::table).filter(events::seq.le(through.sequence)).execute(conn)
        })
        .await
    }

    /// The time of the database in microseconds. SQLite knows milliseconds.
    pub(crate) fn now_micros() -> SqlLiteral<BigInt> {
        sql("CAST(unixepoch('subsec') * 1000000 AS BIGINT)")
    }

    /// Stores updates and leaves out those that are stored already, in one call.
    /// Answers how many are new.
    pub(crate) async fn insert_updates(conn: &mut Conn, updates: &[NewUpdate], now: i64) -> QueryResult<usize> {
        let updates = updates.to_vec();
        conn.spawn_blocking(move |conn| {
            let mut stored = 0;
            for update in updates {
                stored += diesel::insert_into(tg_inbox::table)
                    .values((
                        tg_inbox::project_id.eq(update.project_id.0),
                        tg_inbox::epoch.eq(update.epoch),
                        tg_inbox::update_id.eq(update.update_id),
                        tg_inbox::chat_id.eq(update.chat_id.0),
                        tg_inbox::kind.eq(update.kind),
                        tg_inbox::raw.eq(update.raw),
                        tg_inbox::state.eq("PENDING"),
                        tg_inbox::attempts.eq(0),
                        tg_inbox::not_before.eq(now),
                        tg_inbox::received_at.eq(now),
                        tg_inbox::user_id.eq(update.user_id.map(|id| id.0)),
                    ))
                    .on_conflict_do_nothing()
                    .execute(conn)?;
            }
            Ok(stored)
        })
        .await
    }

    /// The rows of a list of JSON objects, which is the statement's only parameter.
    pub(crate) fn json_rows(columns: &[(&str, &str)]) -> String {
        let columns: Vec<String> = columns.iter().map(|(name, _)| format!("value ->> '{name}' AS {name}")).collect();
        format!("(SELECT {} FROM json_each(?)) AS listed", columns.join(", "))
    }

    /// Writes events in this order.
    pub(crate) async fn insert_events(conn: &mut Conn, new: Vec<EventInsert>) -> QueryResult<()> {
        for event in new {
            let insert = diesel::sql_query(
                "INSERT INTO events (project_id, kind, session_id, customer_id, message_id, cause, at, \
                 recorded_at, audience_before, ticket_id, ticket_audience_before, clock_id, todo_id, assignee_id, \
                 team_id, people) \
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, of.assignee_id, of.team_id, of.people \
                 FROM (SELECT 1) LEFT JOIN sessions AS of ON of.id = ?3",
            )
            .bind::<BigInt, _>(event.project_id)
            .bind::<Text, _>(event.kind)
            .bind::<BigInt, _>(event.session_id)
            .bind::<BigInt, _>(event.customer_id)
            .bind::<Nullable<BigInt>, _>(event.message_id)
            .bind::<Text, _>(event.cause)
            .bind::<BigInt, _>(event.at)
            .bind::<BigInt, _>(event.recorded_at)
            .bind::<Nullable<Text>, _>(event.audience_before)
            .bind::<Nullable<BigInt>, _>(event.ticket_id)
            .bind::<Nullable<Text>, _>(event.ticket_audience_before)
            .bind::<Nullable<BigInt>, _>(event.clock_id)
            .bind::<Nullable<BigInt>, _>(event.todo_id);
            prepared::RunQueryDsl::execute(insert, conn).await?;
        }
        Ok(())
    }

    /// Finds the next calls of the queues of a lane.
    pub(crate) async fn claim_first(conn: &mut Conn, lane: i32, rooms: &[Room], now: i64) -> QueryResult<Vec<TurnRow>> {
        claim(conn, turns!("?1", "?2", "?3", "?4"), lane, rooms, now).await
    }

    /// Finds the next calls of a lane that has no order.
    pub(crate) async fn claim_unordered(
        conn: &mut Conn,
        lane: i32,
        rooms: &[Room],
        now: i64,
    ) -> QueryResult<Vec<TurnRow>> {
        claim(conn, unordered!("?1", "?2", "?3", "?4"), lane, rooms, now).await
    }

    async fn claim(
        conn: &mut Conn,
        query: &'static str,
        lane: i32,
        rooms: &[Room],
        now: i64,
    ) -> QueryResult<Vec<TurnRow>> {
        let rooms = rooms.to_vec();
        conn.spawn_blocking(move |conn| {
            let mut turns = Vec::new();
            for room in rooms {
                let query = diesel::sql_query(query)
                    .bind::<BigInt, _>(room.project_id.0)
                    .bind::<Integer, _>(lane)
                    .bind::<BigInt, _>(now)
                    .bind::<BigInt, _>(room.limit);
                turns.append(&mut Prepared(query).load::<TurnRow>(conn)?);
            }
            Ok(turns)
        })
        .await
    }

    /// Has chats left alone until a time.
    pub(crate) async fn hold_chats(conn: &mut Conn, holds: &[Hold]) -> QueryResult<()> {
        for hold in holds {
            let until = hold.until.timestamp_micros();
            let update = diesel::update(outbox_queues::table)
                .filter(outbox_queues::project_id.eq(hold.project_id.0))
                .filter(outbox_queues::chat_id.eq(hold.chat_id.0))
                .filter(outbox_queues::lane.lt(Lane::Edit.number()))
                .filter(outbox_queues::due.lt(until))
                .set(outbox_queues::due.eq(until));
            prepared::RunQueryDsl::execute(update, conn).await?;
        }
        Ok(())
    }

    /// Writes that messages were sent, with their numbers in Telegram where these could be read.
    pub(crate) async fn set_sent(conn: &mut Conn, sent: &[(MessageId, Option<i64>)]) -> QueryResult<()> {
        for (id, number) in sent {
            let update = diesel::update(messages::table.find(id.0)).set((
                messages::delivery_state.eq(DeliveryState::Sent.name()),
                messages::delivery_error.eq(None::<String>),
                messages::telegram_message_id.eq(*number),
            ));
            prepared::RunQueryDsl::execute(update, conn).await?;
        }
        Ok(())
    }

    /// Loads rows straight into what they become. diesel-async by itself copies each value of
    /// each row first, in order to hand them over one by one, which costs a page of the inbox as
    /// much again as reading it.
    pub(crate) fn load_all<'conn, Q, U>(query: Q, conn: &'conn mut Conn) -> BoxFuture<'conn, QueryResult<Vec<U>>>
    where
        Q: LoadQuery<'static, SqliteConnection, U> + Send + 'static,
        U: Send + 'static,
    {
        conn.spawn_blocking(move |conn| query.internal_load(conn)?.collect())
    }

    impl<Q> RunQueryDsl<SqliteConnection> for Prepared<Q> {}
    impl<Q> RunQueryDsl<SqliteConnection> for FreeForm<Q> {}

    /// Begins a transaction that writes. It takes the write lock at once: one that begins as
    /// a reader and writes later would fail, without waiting, if another wrote in between.
    pub(crate) async fn begin(conn: &mut Conn) -> QueryResult<()> {
        conn.spawn_blocking(|conn| {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
        })
        .await
    }

    /// Begins a transaction of a reader, all of whose queries see the state that the first one sees.
    pub(crate) async fn begin_snapshot(conn: &mut Conn) -> QueryResult<()> {
        conn.spawn_blocking(|conn| {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN DEFERRED")
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use diesel_async::SimpleAsyncConnection;

    use super::*;

    #[tokio::test]
    async fn readers_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        let path = path.to_str().unwrap();
        writer(path).0.get().await.unwrap().batch_execute("CREATE TABLE t (x)").await.unwrap();
        let mut reader = readers(path, 1).get().await.unwrap();
        let refusal = reader.batch_execute("INSERT INTO t VALUES (1)").await.unwrap_err();
        assert_eq!(refusal.to_string(), "attempt to write a readonly database");
    }

    #[tokio::test]
    async fn connections_are_durable_and_check_references() {
        #[derive(diesel::QueryableByName)]
        struct Settings {
            #[diesel(sql_type = Text)]
            found: String,
        }
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        let mut connection = open(path.to_str().unwrap(), "").unwrap();
        let query = "SELECT journal_mode || ' ' || synchronous || ' ' || foreign_keys AS found \
                     FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys";
        let found: Settings = diesel::RunQueryDsl::get_result(diesel::sql_query(query), &mut connection).unwrap();
        assert_eq!(found.found, "wal 2 1");
    }
}
