//! Bringing a database to the shape that this build expects.

use diesel::connection::SimpleConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::open_error::OpenError;
use crate::postgres::Server;
use crate::{postgres, sqlite};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Any number that no other program locks: processes that start together migrate in turn.
const ADVISORY_LOCK: i64 = 0x5357_4254_4244;

/// Runs what is missing on an SQLite file, and answers the names of what it ran.
pub(crate) async fn sqlite(path: String) -> Result<Vec<String>, OpenError> {
    blocking(move || {
        let mut conn = sqlite::open(&path, "").map_err(|error| {
            let reason = error.to_string();
            if reason.contains("file is not a database") {
                OpenError::NotADatabase { path }
            } else {
                OpenError::Unwritable { path, reason }
            }
        })?;
        // A short command need not wait for the serving process if there is nothing to write.
        if !conn.has_pending_migration(SQLITE).map_err(|error| OpenError::Migration(error.to_string()))? {
            return Ok(Vec::new());
        }
        // In one transaction that writes, so that processes that start together migrate in turn.
        conn.immediate_transaction(|conn| Ok(run(conn, SQLITE)))
            .unwrap_or_else(|error: diesel::result::Error| Err(OpenError::Migration(error.to_string())))
    })
    .await
}

/// Runs what is missing on a PostgreSQL database, and answers the names of what it ran.
pub(crate) async fn postgres(server: &Server) -> Result<Vec<String>, OpenError> {
    let conn = server.connect().await.map_err(|error| OpenError::Unreachable(error.to_string()))?;
    blocking(move || {
        let mut conn = AsyncConnectionWrapper::from(conn);
        let function = |conn: &mut AsyncConnectionWrapper<postgres::Conn>, name| {
            conn.batch_execute(&format!("SELECT {name}({ADVISORY_LOCK})"))
                .map_err(|error| OpenError::Migration(error.to_string()))
        };
        function(&mut conn, "pg_advisory_lock")?;
        let names = run(&mut conn, POSTGRES).and_then(|names| {
            postgres::restored_log::renumber(&mut conn).map_err(|error| OpenError::Migration(error.to_string()))?;
            Ok(names)
        });
        function(&mut conn, "pg_advisory_unlock")?;
        names
    })
    .await
}

fn run<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, OpenError> {
    let ran = conn.run_pending_migrations(migrations).map_err(|error| OpenError::Migration(error.to_string()))?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

/// Migrations block their thread, and a blocked worker would hold up everything else.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OpenError> + Send + 'static,
) -> Result<T, OpenError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| Err(OpenError::Migration(stopped.to_string())))
}
