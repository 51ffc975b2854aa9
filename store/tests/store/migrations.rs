//! The migrations: each runs once, both engines end up alike, and the way back works.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use futures_util::future::join_all;
use store::{Sharing, Store};
use tests::{Database, Engine, on_both_engines, postgres};
use tokio::time::timeout;

use crate::fixture::open;

/// The names of the migrations, which are the same for both engines.
fn names() -> BTreeSet<String> {
    let names = |engine: &str| -> BTreeSet<String> {
        std::fs::read_dir(format!("../migrations/{engine}"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let sqlite = names("sqlite");
    assert_eq!(sqlite, names("postgres"));
    sqlite
}

fn sqlite(database: &Database) -> SqliteConnection {
    SqliteConnection::establish(database.url().strip_prefix("sqlite://").unwrap()).unwrap()
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = Text)]
    one: String,
    #[diesel(sql_type = Text)]
    other: String,
}

type Names = BTreeMap<String, BTreeSet<String>>;

fn grouped(pairs: impl IntoIterator<Item = (String, String)>) -> Names {
    let mut names = Names::new();
    for (one, other) in pairs {
        names.entry(one).or_default().insert(other);
    }
    names
}

fn on_sqlite(database: &Database, query: &str) -> Names {
    let pairs: Vec<Pair> = diesel::sql_query(query).load(&mut sqlite(database)).unwrap();
    grouped(pairs.into_iter().map(|pair| (pair.one, pair.other)))
}

async fn on_postgres(database: &Database, query: &str) -> Names {
    let client = postgres::connect(database.url()).await.unwrap();
    let rows = client.query(query, &[]).await.unwrap();
    grouped(rows.into_iter().map(|row| (row.get(0), row.get(1))))
}

/// The columns of each table, each with whether it may be empty.
async fn tables(database: &Database) -> Names {
    let mut tables = match database.engine() {
        Engine::Sqlite => on_sqlite(
            database,
            "SELECT tables.name AS one, columns.name || CASE WHEN columns.\"notnull\" OR pk THEN '' ELSE '?' END AS other \
             FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns \
             WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'",
        ),
        Engine::Postgres => {
            on_postgres(
                database,
                "SELECT table_name::text, column_name || CASE is_nullable WHEN 'NO' THEN '' ELSE '?' END \
                 FROM information_schema.columns WHERE table_schema = 'public'",
            )
            .await
        }
    };
    tables.remove("__diesel_schema_migrations");
    // The index of texts on SQLite, with the tables in which it keeps itself.
    tables.retain(|table, _| !table.starts_with("search_index"));
    tables
}

/// The indexes of each table that have a name of our own.
async fn indexes(database: &Database) -> Names {
    let is_our_own = "tablename || '_%key' ";
    let mut indexes = match database.engine() {
        Engine::Sqlite => on_sqlite(
            database,
            "SELECT tbl_name AS one, name AS other FROM sqlite_schema \
             WHERE type = 'index' AND name NOT LIKE 'sqlite_%'",
        ),
        Engine::Postgres => {
            on_postgres(
                database,
                &format!(
                    "SELECT tablename::text, indexname::text FROM pg_indexes \
                     WHERE schemaname = 'public' AND indexname NOT LIKE {is_our_own} \
                     AND indexname <> tablename || '_pkey'"
                ),
            )
            .await
        }
    };
    indexes.remove("__diesel_schema_migrations");
    indexes
}

on_both_engines! {
    async fn the_way_back_leaves_nothing_and_leads_here_again(engine: Engine) {
        let database = Database::new(engine).await;
        drop(open(&database).await);
        let before = (tables(&database).await, indexes(&database).await);
        let url = database.url().to_owned();
        tokio::task::spawn_blocking(move || match engine {
            Engine::Sqlite => {
                let mut conn = SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap();
                conn.batch_execute("PRAGMA foreign_keys = ON").unwrap();
                let migrations = FileBasedMigrations::from_path("../migrations/sqlite").unwrap();
                conn.revert_all_migrations(migrations).unwrap();
            }
            Engine::Postgres => {
                let mut conn = AsyncConnectionWrapper::<AsyncPgConnection>::establish(&url).unwrap();
                let migrations = FileBasedMigrations::from_path("../migrations/postgres").unwrap();
                conn.revert_all_migrations(migrations).unwrap();
            }
        })
        .await
        .unwrap();
        assert_eq!(tables(&database).await, Names::new());
        assert_eq!(indexes(&database).await, Names::new());
        drop(open(&database).await);
        assert_eq!((tables(&database).await, indexes(&database).await), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_on_postgres_migrate_once() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = Database::new(Engine::Postgres).await;
    let opened = join_all((0..8).map(|_| {
        let url = database.url().to_owned();
        tokio::spawn(async move { Store::open(&url, Sharing::Shared).await.unwrap() })
    }))
    .await;
    let stores: Vec<(Store, Vec<String>)> = opened.into_iter().map(Result::unwrap).collect();
    let ran: Vec<&String> = stores.iter().flat_map(|(_, ran)| ran).collect();
    assert_eq!(ran.len(), names().len(), "{ran:?}");
    for (store, _) in &stores {
        assert_eq!(store.read().await.unwrap().first_workspace().await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_command_opens_an_sqlite_file_while_the_desk_writes() {
    let database = Database::new(Engine::Sqlite).await;
    let (serving, ran) = Store::open(database.url(), Sharing::Exclusive).await.unwrap();
    assert_eq!(ran.len(), names().len(), "{ran:?}");
    let mut tx = serving.begin().await.unwrap();
    tx.set_meta("key", "value").await.unwrap();
    let opening = Store::open(database.url(), Sharing::Shared);
    let (_, ran) = timeout(Duration::from_secs(3), opening).await.expect("it waits for nobody").unwrap();
    assert_eq!(ran, Vec::<String>::new());
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let sqlite = Database::new(Engine::Sqlite).await;
    let postgres = Database::new(Engine::Postgres).await;
    drop((open(&sqlite).await, open(&postgres).await));
    let tables_of_sqlite = tables(&sqlite).await;
    assert!(tables_of_sqlite.len() > 15, "{tables_of_sqlite:?}");
    assert_eq!(tables_of_sqlite, tables(&postgres).await);

    let mut of_postgres = indexes(&postgres).await;
    // On SQLite the key of the table is the order of the log.
    assert!(of_postgres.get_mut("events").unwrap().remove("events_in_order"));
    // On SQLite the index of texts is a table.
    assert_eq!(of_postgres.remove("search_documents"), Some(BTreeSet::from(["search_documents_by_gram".to_owned()])));
    assert_eq!(indexes(&sqlite).await, of_postgres);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statistics_of_sqlite_name_every_index_of_the_sessions() {
    let database = Database::new(Engine::Sqlite).await;
    drop(open(&database).await);
    let known = on_sqlite(&database, "SELECT tbl AS one, idx AS other FROM sqlite_stat1");
    let indexes = on_sqlite(&database, "SELECT tbl_name AS one, name AS other FROM sqlite_schema WHERE type = 'index'");
    assert_eq!(known["sessions"], indexes["sessions"]);
    assert_eq!(known.len(), 1);
}
