//! Holding the desk's writes up, so that a test can act between two of its steps.

use std::path::Path;
use std::time::Duration;

use crate::{Database, SqliteWriteLock, eventually, postgres};

/// How long the desk may take to run into the lock.
const PATIENCE: Duration = Duration::from_secs(20);

/// While this value lives, nothing is written to a table (PostgreSQL) or to the whole database (SQLite, which has one
/// lock for all of it). Transactions that want to write wait, and go on when it is dropped.
#[derive(Debug)]
pub struct Standstill(Held);

#[derive(Debug)]
enum Held {
    Sqlite { _lock: SqliteWriteLock },
    // The server rolls back and frees the lock when the connection is closed.
    Postgres { holder: tokio_postgres::Client },
}

impl Standstill {
    /// Waits until whoever writes now has finished, and lets nobody else begin.
    ///
    /// # Panics
    /// When the lock cannot be had.
    pub async fn of(database: &Database, table: &str) -> Self {
        if let Some(path) = database.url().strip_prefix("sqlite://") {
            return Self(Held::Sqlite { _lock: SqliteWriteLock::take(Path::new(path)).await });
        }
        let holder = postgres::connect(database.url()).await.expect("the database of the test can be reached");
        let statement = format!("BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE");
        holder.batch_execute(&statement).await.expect("the table exists");
        Self(Held::Postgres { holder })
    }

    /// Waits until somebody waits for the lock. SQLite does not tell, so there it returns at once.
    ///
    /// # Panics
    /// When nobody does in time.
    pub async fn until_felt(&self) {
        let Held::Postgres { holder } = &self.0 else { return };
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL AND database = \
                       (SELECT oid FROM pg_database WHERE datname = current_database())";
        eventually(PATIENCE, || async {
            let row = holder.query_one(waiting, &[]).await.map_err(|error| error.to_string())?;
            let count: i64 = row.get(0);
            if count > 0 { Ok(()) } else { Err("nobody waits for the lock".to_owned()) }
        })
        .await;
    }
}
