//! PostgreSQL: one server, many processes.

pub(crate) mod restored_log;
mod server;

use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{QueueMode, Timeouts};
use diesel::ConnectionError;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;

pub(crate) use server::Server;

/// Locks the rows that a query finds until the transaction ends.
macro_rules! for_update {
    ($query:expr) => {
        $query.for_update()
    };
}

/// Locks the rows that a query finds until the transaction ends, but lets others refer to them meanwhile.
macro_rules! for_no_key_update {
    ($query:expr) => {
        $query.for_no_key_update()
    };
}

/// Keeps others from changing the rows that a query finds until the transaction ends.
macro_rules! for_share {
    ($query:expr) => {
        $query.for_share()
    };
}

/// Locks the rows that a query finds until the transaction ends, lets others refer to them meanwhile, and passes over those
/// that another process has.
macro_rules! for_no_key_update_skip_locked {
    ($query:expr) => {
        $query.for_no_key_update().skip_locked()
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
mod text_index;

pub(crate) type Db = diesel::pg::Pg;
pub(crate) type Conn = AsyncPgConnection;

/// How long a request waits for a connection before the database counts as out of reach.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);

/// Bounds, in milliseconds, for a statement and for the silence of a process within a
/// transaction. A transaction that never ends would hold back the whole event log.
///
/// No statement is compiled to machine code: all are short, and with a million texts to compile a search took 200 times
/// as long as to run it, since PostgreSQL goes by what it guesses the statement to cost.
const SETTINGS: &str = "SET statement_timeout = 30000; SET idle_in_transaction_session_timeout = 30000; SET jit = off";

/// The pool of connections, for reading and writing alike.
pub(crate) fn pool(server: Arc<Server>, size: usize) -> Pool<Conn> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_| {
        let server = server.clone();
        async move {
            let mut connection = server.connect().await?;
            connection.batch_execute(SETTINGS).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(connection)
        }
        .boxed()
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config("", config))
        .max_size(size)
        // Those used last have most statements prepared.
        .queue_mode(QueueMode::Lifo)
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
    use diesel_async::methods::LoadQuery;
    use diesel_async::{AnsiTransactionManager, TransactionManager};
    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;

    use diesel::sql_types::Integer;
    use domain::{DeliveryState, MessageId};

    use super::*;
    use crate::inbox::NewUpdate;
    use crate::outbox::{Hold, Lane, Room};
    use crate::postgres::queries::events::EventInsert;
    use crate::postgres::queries::outbox::{TurnRow, turns, unordered};
    use crate::postgres::queries::prepared::RunQueryDsl;
    use crate::postgres::queries::schema::events;

    /// A condition with one list of numbers.
    pub(crate) type OneOf = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, AsExprOf<Vec<i64>, Array<BigInt>>>>;

    /// The condition that a column is one of many numbers, as one statement whatever their count.
    pub(crate) fn one_of(column: &'static str, values: &[i64]) -> OneOf {
        sql::<Bool>(&format!("{column} = ANY(")).bind::<Array<BigInt>, _>(values.to_vec()).sql(")")
    }

    /// The same of the key of a table, where nothing else is asked. The list is hidden from the planner, which would take each
    /// of less than ten for worth a plan of its own, though that is the same every time
    /// (<https://www.postgresql.org/docs/15/sql-prepare.html#SQL-PREPARE-NOTES>). Where a statement asks for more, it has to see
    /// how few there are.
    pub(crate) fn looked_up(key: &'static str, values: &[i64]) -> OneOf {
        let list = sql::<Bool>(&format!("{key} = ANY((SELECT "));
        list.bind::<Array<BigInt>, _>(values.to_vec()).sql(")::bigint[])")
    }

    /// What stands around a value that the planner is not to see.
    pub(crate) const UNSEEN: [&str; 2] = ["(SELECT ", ")"];

    /// A condition with one list of texts.
    pub(crate) type OneOfTexts = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, AsExprOf<Vec<String>, Array<Text>>>>;

    /// The condition that a column is one of many texts, as one statement whatever their count.
    pub(crate) fn one_of_texts(column: &'static str, values: &[String]) -> OneOfTexts {
        sql::<Bool>(&format!("{column} = ANY(")).bind::<Array<Text>, _>(values.to_vec()).sql(")")
    }

    /// The events that readers may see: those of transactions older than every one that is
    /// still running. Nothing can appear among them later, so that no reader ever skips one.
    pub(crate) fn readable_events<'a>() -> events::BoxedQuery<'a, Db> {
        events::table.filter(sql::<Bool>("tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")).into_boxed()
    }

    /// Only the events after a position, in the order of the log. The first condition alone
    /// decides where the index is entered.
    pub(crate) fn in_log_order<'a>(
        query: events::BoxedQuery<'a, Db>,
        after: domain::Position,
    ) -> events::BoxedQuery<'a, Db> {
        query
            .filter(events::tx.ge(after.transaction))
            .filter(events::tx.gt(after.transaction).or(events::seq.gt(after.sequence)))
            .order((events::tx, events::seq))
    }

    /// From the end of the log back to its start.
    pub(crate) fn from_the_end<'a>(query: events::BoxedQuery<'a, Db>) -> events::BoxedQuery<'a, Db> {
        query.order((events::tx.desc(), events::seq.desc()))
    }

    /// Deletes the events up to a position and that one itself. The first condition alone
    /// decides which part of the index is read.
    pub(crate) async fn delete_events(conn: &mut Conn, through: domain::Position) -> QueryResult<usize> {
        diesel::delete(events::table)
            .filter(events::tx.le(through.transaction))
            .filter(events::tx.lt(through.transaction).or(events::seq.le(through.sequence)))
            .execute(conn)
            .await
    }

    /// The time of the database in microseconds.
    pub(crate) fn now_micros() -> SqlLiteral<BigInt> {
        sql("(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint")
    }

    /// Stores updates and leaves out those that are stored already, in one statement. Answers
    /// how many are new.
    pub(crate) async fn insert_updates(conn: &mut Conn, updates: &[NewUpdate], now: i64) -> QueryResult<usize> {
        let numbers = |of: fn(&NewUpdate) -> i64| updates.iter().map(of).collect::<Vec<i64>>();
        let insert = diesel::sql_query(
            "INSERT INTO tg_inbox \
             (project_id, epoch, update_id, chat_id, kind, raw, state, attempts, not_before, received_at, user_id) \
             SELECT project_id, epoch, update_id, chat_id, kind, raw, 'PENDING', 0, $1, $1, user_id \
             FROM unnest($2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY \
             AS u (project_id, epoch, update_id, chat_id, kind, raw, user_id, place) ORDER BY place \
             ON CONFLICT DO NOTHING",
        )
        .bind::<BigInt, _>(now)
        .bind::<Array<BigInt>, _>(numbers(|update| update.project_id.0))
        .bind::<Array<BigInt>, _>(numbers(|update| update.epoch))
        .bind::<Array<BigInt>, _>(numbers(|update| update.update_id))
        .bind::<Array<BigInt>, _>(numbers(|update| update.chat_id.0))
        .bind::<Array<Text>, _>(updates.iter().map(|update| update.kind.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(updates.iter().map(|update| update.raw.as_str()).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(
            updates.iter().map(|update| update.user_id.map(|id| id.0)).collect::<Vec<_>>(),
        );
        insert.execute(conn).await
    }

    /// The rows of a list of JSON objects, which is the statement's only parameter.
    pub(crate) fn json_rows(columns: &[(&str, &str)]) -> String {
        let columns: Vec<String> = columns.iter().map(|(name, of)| format!("{name} {of}")).collect();
        format!("json_to_recordset($1::json) AS listed ({})", columns.join(", "))
    }

    /// Writes events in this order, in one statement.
    pub(crate) async fn insert_events(conn: &mut Conn, new: Vec<EventInsert>) -> QueryResult<()> {
        let numbers = |of: fn(&EventInsert) -> i64| new.iter().map(of).collect::<Vec<i64>>();
        let names = |of: fn(&EventInsert) -> &'static str| new.iter().map(of).collect::<Vec<&str>>();
        let insert = diesel::sql_query(
            "INSERT INTO events (project_id, kind, session_id, customer_id, message_id, cause, at, recorded_at, \
             audience_before, ticket_id, ticket_audience_before, clock_id, todo_id, assignee_id, team_id, people) \
             SELECT e.project_id, e.kind, e.session_id, e.customer_id, e.message_id, e.cause, e.at, e.recorded_at, \
             e.audience_before, e.ticket_id, e.ticket_audience_before, e.clock_id, e.todo_id, \
             of.assignee_id, of.team_id, of.people \
             FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY \
             AS e (project_id, kind, session_id, customer_id, message_id, cause, at, recorded_at, audience_before, \
             ticket_id, ticket_audience_before, clock_id, todo_id, place) \
             LEFT JOIN sessions AS of ON of.id = e.session_id ORDER BY e.place",
        )
        .bind::<Array<BigInt>, _>(numbers(|event| event.project_id))
        .bind::<Array<Text>, _>(names(|event| event.kind))
        .bind::<Array<BigInt>, _>(numbers(|event| event.session_id))
        .bind::<Array<BigInt>, _>(numbers(|event| event.customer_id))
        .bind::<Array<Nullable<BigInt>>, _>(new.iter().map(|event| event.message_id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(names(|event| event.cause))
        .bind::<Array<BigInt>, _>(numbers(|event| event.at))
        .bind::<Array<BigInt>, _>(numbers(|event| event.recorded_at))
        .bind::<Array<Nullable<Text>>, _>(new.iter().map(|event| event.audience_before.as_deref()).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(new.iter().map(|event| event.ticket_id).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            new.iter().map(|event| event.ticket_audience_before.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<BigInt>>, _>(new.iter().map(|event| event.clock_id).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(new.iter().map(|event| event.todo_id).collect::<Vec<_>>());
        insert.execute(conn).await?;
        Ok(())
    }

    /// Locks the next calls of the queues of a lane, in one statement.
    pub(crate) async fn claim_first(conn: &mut Conn, lane: i32, rooms: &[Room], now: i64) -> QueryResult<Vec<TurnRow>> {
        const QUERY: &str = concat!(
            "SELECT turn.id, turn.project_id, turn.chat_id FROM unnest($1, $2) AS room (project_id, most) \
             CROSS JOIN LATERAL (",
            turns!("room.project_id", "$3", "$4", "room.most"),
            " FOR UPDATE OF queue SKIP LOCKED) AS turn"
        );
        claim(conn, QUERY, lane, rooms, now).await
    }

    /// Locks the next calls of a lane that has no order, in one statement.
    pub(crate) async fn claim_unordered(
        conn: &mut Conn,
        lane: i32,
        rooms: &[Room],
        now: i64,
    ) -> QueryResult<Vec<TurnRow>> {
        const QUERY: &str = concat!(
            "SELECT turn.id, turn.project_id, turn.chat_id FROM unnest($1, $2) AS room (room_of, most) \
             CROSS JOIN LATERAL (",
            unordered!("room_of", "$3", "$4", "most"),
            " FOR UPDATE SKIP LOCKED) AS turn"
        );
        claim(conn, QUERY, lane, rooms, now).await
    }

    async fn claim(
        conn: &mut Conn,
        query: &'static str,
        lane: i32,
        rooms: &[Room],
        now: i64,
    ) -> QueryResult<Vec<TurnRow>> {
        diesel::sql_query(query)
            .bind::<Array<BigInt>, _>(rooms.iter().map(|room| room.project_id.0).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rooms.iter().map(|room| room.limit).collect::<Vec<_>>())
            .bind::<Integer, _>(lane)
            .bind::<BigInt, _>(now)
            .load(conn)
            .await
    }

    /// Has chats left alone until a time, in one statement.
    pub(crate) async fn hold_chats(conn: &mut Conn, holds: &[Hold]) -> QueryResult<()> {
        let numbers = |of: fn(&Hold) -> i64| holds.iter().map(of).collect::<Vec<i64>>();
        let update = diesel::sql_query(
            "UPDATE outbox_queues AS queue SET due = hold.until \
             FROM unnest($1, $2, $3) AS hold (project_id, chat_id, until) \
             WHERE queue.project_id = hold.project_id AND queue.chat_id = hold.chat_id AND queue.lane < $4 \
             AND queue.due < hold.until",
        )
        .bind::<Array<BigInt>, _>(numbers(|hold| hold.project_id.0))
        .bind::<Array<BigInt>, _>(numbers(|hold| hold.chat_id.0))
        .bind::<Array<BigInt>, _>(numbers(|hold| hold.until.timestamp_micros()))
        .bind::<Integer, _>(Lane::Edit.number());
        update.execute(conn).await?;
        Ok(())
    }

    /// Writes that messages were sent, with their numbers in Telegram where these could be read, in one statement.
    pub(crate) async fn set_sent(conn: &mut Conn, sent: &[(MessageId, Option<i64>)]) -> QueryResult<()> {
        let update = diesel::sql_query(
            "UPDATE messages SET delivery_state = $1, delivery_error = NULL, telegram_message_id = sent.number \
             FROM unnest($2, $3) AS sent (id, number) WHERE messages.id = sent.id",
        )
        .bind::<Text, _>(DeliveryState::Sent.name())
        .bind::<Array<BigInt>, _>(sent.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
        .bind::<Array<Nullable<BigInt>>, _>(sent.iter().map(|(_, number)| *number).collect::<Vec<_>>());
        update.execute(conn).await?;
        Ok(())
    }

    /// Loads rows into what they become.
    pub(crate) fn load_all<'conn, Q, U>(query: Q, conn: &'conn mut Conn) -> BoxFuture<'conn, QueryResult<Vec<U>>>
    where
        Q: LoadQuery<'static, Conn, U> + Send + 'static,
        U: Send + 'static,
    {
        diesel_async::RunQueryDsl::load(query, conn).boxed()
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(conn: &mut Conn) -> QueryResult<()> {
        AnsiTransactionManager::begin_transaction(conn).await
    }

    /// Begins a transaction that only reads, all of it the state that its first query sees.
    pub(crate) async fn begin_snapshot(conn: &mut Conn) -> QueryResult<()> {
        AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }
}

#[cfg(test)]
mod tests {
    use ::tests::{Database, Engine};
    use diesel::{QueryDsl, QueryableByName};
    use diesel_async::RunQueryDsl;
    use diesel_async::pooled_connection::deadpool::Object;

    use super::queries::schema::sessions;
    use super::*;

    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = Text)]
        jit: String,
    }

    #[derive(QueryableByName)]
    struct Plans {
        #[diesel(sql_type = BigInt)]
        made: i64,
        #[diesel(sql_type = BigInt)]
        kept: i64,
    }

    /// A new database, where there is PostgreSQL, and a connection to it as the desk has it.
    pub(super) async fn connect() -> Option<(Database, Object<Conn>)> {
        if !Engine::Postgres.is_available().await {
            return None;
        }
        let database = Database::new(Engine::Postgres).await;
        let server = Arc::new(Server::from_url(database.url()).unwrap());
        let connection = pool(server, 1).get().await.unwrap();
        Some((database, connection))
    }

    #[tokio::test]
    async fn no_statement_is_compiled_to_machine_code() {
        let Some((_database, mut connection)) = connect().await else { return };
        let setting: Setting = diesel::sql_query("SHOW jit").get_result(&mut *connection).await.unwrap();
        assert_eq!(setting.jit, "off");
    }

    #[tokio::test]
    async fn what_is_looked_up_by_its_key_is_not_planned_each_time() {
        let Some((_database, mut connection)) = connect().await else { return };
        let fill = "CREATE TEMP TABLE sessions (id BIGINT PRIMARY KEY); \
                    INSERT INTO sessions SELECT * FROM generate_series(1, 1000); ANALYZE sessions";
        connection.batch_execute(fill).await.unwrap();
        for id in 1..=8 {
            let query = sessions::table.filter(dialect::looked_up("sessions.id", &[id, id + 1])).select(sessions::id);
            let found: Vec<i64> = queries::prepared::RunQueryDsl::load(query, &mut connection).await.unwrap();
            assert_eq!(found, [id, id + 1]);
        }
        // The statement that asks is among those, and they are in no order.
        let plans = "SELECT custom_plans AS made, generic_plans AS kept FROM pg_prepared_statements \
                     WHERE statement LIKE '%sessions%' AND statement NOT LIKE '%custom_plans%'";
        let Plans { made, kept } = diesel::sql_query(plans).get_result(&mut *connection).await.unwrap();
        assert_eq!((made, kept), (5, 3), "PostgreSQL compares five plans with the one that it then keeps");
    }
}
