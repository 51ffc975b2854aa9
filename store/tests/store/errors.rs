//! What kind of error comes of what goes wrong outside.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use domain::AgentId;
use store::idempotency::Answered;
use store::{Error, Sharing, Store};
use tests::postgres::{Cluster, Durability};
use tests::{Engine, eventually, on_both_engines};

use crate::fixture::{Fixture, at, open};

fn is_unavailable<T: std::fmt::Debug>(outcome: store::Result<T>) {
    assert!(matches!(&outcome, Err(error @ Error::Unavailable(_)) if error.is_transient()), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_is_unavailable_until_it_is_back() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let mut cluster = Cluster::builder().durability(Durability::Full).start().await.unwrap();
    let database = cluster.create_database().await;
    let (store, _) = Store::open(database.url(), Sharing::Shared).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let mut other = store.begin().await.unwrap();
    tx.set_meta("key", "lost").await.unwrap();
    reader.meta("key").await.unwrap();
    cluster.stop_now().await;
    is_unavailable(reader.meta("key").await);
    is_unavailable(other.set_meta("key", "value").await);
    is_unavailable(tx.commit().await);
    drop((reader, other));
    is_unavailable(store.begin().await.map(drop));
    is_unavailable(store.read().await.map(drop));
    let Err(error) = Store::open(database.url(), Sharing::Shared).await else { panic!("it was opened") };
    assert!(error.to_string().contains("PostgreSQL cannot be reached"), "{error}");

    cluster.start_again().await;
    // The connections that broke are replaced without anybody's noticing.
    for _ in 0..20 {
        assert_eq!(store.read().await.unwrap().meta("key").await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_connection_is_unavailable_and_replaced() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let mut tx = fixture.begin().await.unwrap();
    tx.meta("key").await.unwrap();
    let client = tests::postgres::connect(fixture.database.url()).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    client.batch_execute(end).await.unwrap();
    is_unavailable(tx.set_meta("key", "value").await);
    drop(tx);
    eventually(Duration::from_secs(5), async || fixture.read().await.ok()?.meta("key").await.ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_wait_for_each_other_are_contended() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let (one, two) = (fixture.session(1, at(0)).await, fixture.session(2, at(0)).await);
    let mut first = fixture.begin().await.unwrap();
    let mut second = fixture.begin().await.unwrap();
    first.lock_session(one.id).await.unwrap();
    second.lock_session(two.id).await.unwrap();
    let (first, second) = tokio::join!(first.lock_session(two.id), second.lock_session(one.id));
    let (lost, won) = if first.is_err() { (first, second) } else { (second, first) };
    won.unwrap();
    let error = lost.unwrap_err();
    assert!(matches!(error, Error::Contended(_)) && error.is_transient(), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_unavailable() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let mut conn = AsyncPgConnection::establish(fixture.database.url()).await.unwrap();
    let error = conn.batch_execute("SET statement_timeout = 20; SELECT pg_sleep(5)").await.unwrap_err();
    is_unavailable::<()>(Err(error.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_transaction_that_the_server_ended_is_unavailable() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let mut conn = AsyncPgConnection::establish(fixture.database.url()).await.unwrap();
    conn.batch_execute("SET idle_in_transaction_session_timeout = 20; BEGIN").await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let error = conn.batch_execute("SELECT 1").await.unwrap_err();
    is_unavailable::<()>(Err(error.into()));
}

on_both_engines! {
    async fn what_breaks_a_rule_is_told_from_what_nobody_has_a_name_for(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        let answered = Answered { operation: String::new(), fingerprint: String::new(), object_id: 1, object_count: 1, details: None };
        let refused = tx.insert_answered(AgentId(-1), "nobody's", &answered, at(0), at(0)).await;
        assert!(matches!(&refused, Err(error @ Error::Broken(_)) if !error.is_transient()), "{refused:?}");
        drop(tx);
        let odd = match engine {
            Engine::Sqlite => {
                let path = fixture.database.url().strip_prefix("sqlite://").unwrap();
                SqliteConnection::establish(path).unwrap().batch_execute("SELECT nothing()")
            }
            Engine::Postgres => {
                let mut conn = AsyncPgConnection::establish(fixture.database.url()).await.unwrap();
                SimpleAsyncConnection::batch_execute(&mut conn, "SELECT nothing()").await
            }
        };
        let odd: Error = odd.unwrap_err().into();
        assert!(matches!(odd, Error::Internal(_)), "{odd}");
    }

    async fn when_every_connection_is_taken_a_caller_waits_for_a_while_only(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut taken = Vec::new();
        let most = match engine {
            Engine::Sqlite => 1,
            Engine::Postgres => 16,
        };
        for _ in 0..most {
            taken.push(fixture.begin().await.unwrap());
        }
        let start = tokio::time::Instant::now();
        is_unavailable(fixture.begin().await.map(drop));
        let waited = start.elapsed();
        assert!((Duration::from_secs(4)..Duration::from_secs(8)).contains(&waited), "{waited:?}");
        taken.pop();
        fixture.begin().await.unwrap().roll_back().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_in_another_process_makes_ours_wait_for_a_while_only() {
    let fixture = Fixture::new(Engine::Sqlite).await;
    let other = open(&fixture.database).await;
    let elsewhere = other.begin().await.unwrap();
    let error = fixture.begin().await.map(drop).unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    drop(elsewhere);
    fixture.begin().await.unwrap().roll_back().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_unavailable() {
    let directory = tempfile::tempdir().unwrap();
    let mut conn = SqliteConnection::establish(directory.path().join("full.db").to_str().unwrap()).unwrap();
    conn.batch_execute("CREATE TABLE t (x BLOB); PRAGMA max_page_count = 3;").unwrap();
    let error = conn.batch_execute("INSERT INTO t VALUES (randomblob(100000))").unwrap_err();
    is_unavailable::<()>(Err(error.into()));
}
