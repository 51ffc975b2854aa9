//! Opening a desk's database from its URL.

use std::fs::{File, TryLockError};
use std::sync::Arc;

use diesel_async::pooled_connection::deadpool::Pool;
use tokio::sync::Notify;

use crate::error::Result;
use crate::listen::{self, Doorbell};
use crate::migrate;
use crate::tx::{Lease, Reader, Tx};
use crate::{postgres, sqlite};

/// How many connections read an SQLite file at once.
const SQLITE_READERS: usize = 4;
/// How many connections one process opens to PostgreSQL at most.
const POSTGRES_CONNECTIONS: usize = 16;

/// Why a database could not be opened. The texts are for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no engine that we know.
    #[error(
        "SWITCHBOARD_DATABASE_URL has an unknown scheme: use sqlite://path/to/file.db or postgres://user@host/database"
    )]
    UnknownScheme,
    /// The URL names SQLite but no file.
    #[error("SWITCHBOARD_DATABASE_URL names no file: write it as sqlite://path/to/file.db")]
    NoPath,
    /// The file cannot be opened or made.
    #[error(
        "SWITCHBOARD_DATABASE_URL: the file {path} cannot be opened for writing: {reason}; check that the folder exists and belongs to this user"
    )]
    Unwritable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// Another process serves the file.
    #[error(
        "SWITCHBOARD_DATABASE_URL: the file {path} is in use by another switchboard process; stop that one, or use PostgreSQL for several processes"
    )]
    InUse {
        /// The file.
        path: String,
    },
    /// The server does not answer.
    #[error(
        "SWITCHBOARD_DATABASE_URL: PostgreSQL cannot be reached: {0}; check that the server runs and that user, password and database name are right"
    )]
    Unreachable(String),
    /// A migration failed.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
}

/// Whether other processes may use an SQLite file at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// This process serves the desk, and no other one may.
    Exclusive,
    /// A short command beside the serving process.
    Shared,
}

/// A desk's database. Clones share the connections.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    bell: Arc<Notify>,
    /// Keeps the lock on an SQLite file for as long as the store lives.
    _lock: Option<Arc<File>>,
}

#[derive(Clone)]
enum Engine {
    Sqlite {
        writer: Pool<sqlite::Conn>,
        readers: Pool<sqlite::Conn>,
    },
    Postgres {
        pool: Pool<postgres::Conn>,
        url: Arc<str>,
    },
}

impl Store {
    /// Opens the database that the URL names and brings it up to date. Answers the names of
    /// the migrations that ran as well.
    pub async fn open(
        url: &str,
        sharing: Sharing,
    ) -> std::result::Result<(Self, Vec<String>), OpenError> {
        let (scheme, rest) = url.split_once("://").ok_or(OpenError::UnknownScheme)?;
        let (engine, lock, migrations) = match scheme {
            "sqlite" => {
                let path = rest.split('?').next().unwrap_or_default().to_owned();
                if path.is_empty() {
                    return Err(OpenError::NoPath);
                }
                let lock = match sharing {
                    Sharing::Exclusive => Some(Arc::new(lock(&path)?)),
                    Sharing::Shared => None,
                };
                let migrations = migrate::sqlite(path.clone()).await?;
                let engine = Engine::Sqlite {
                    writer: sqlite::writer(&path),
                    readers: sqlite::readers(&path, SQLITE_READERS),
                };
                (engine, lock, migrations)
            }
            "postgres" | "postgresql" => {
                let migrations = migrate::postgres(url.to_owned()).await?;
                let engine = Engine::Postgres {
                    pool: postgres::pool(url, POSTGRES_CONNECTIONS),
                    url: url.into(),
                };
                (engine, None, migrations)
            }
            _ => return Err(OpenError::UnknownScheme),
        };
        let store = Self {
            engine,
            bell: Arc::new(Notify::new()),
            _lock: lock,
        };
        listen::start_ringing(&store);
        Ok((store, migrations))
    }

    /// Whether several processes may serve this database at once.
    pub fn is_shared(&self) -> bool {
        matches!(self.engine, Engine::Postgres { .. })
    }

    /// Begins a transaction that writes.
    pub async fn begin(&self) -> Result<Tx> {
        let lease = match &self.engine {
            Engine::Sqlite { writer, .. } => Lease::Sqlite(writer.get().await?),
            Engine::Postgres { pool, .. } => Lease::Postgres(pool.get().await?),
        };
        Tx::begin(self.clone(), lease).await
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader> {
        Ok(Reader::new(match &self.engine {
            Engine::Sqlite { readers, .. } => Lease::Sqlite(readers.get().await?),
            Engine::Postgres { pool, .. } => Lease::Postgres(pool.get().await?),
        }))
    }

    /// Hears of commits, those of other processes included.
    pub fn doorbell(&self) -> Doorbell {
        match &self.engine {
            Engine::Sqlite { .. } => Doorbell::silent(),
            Engine::Postgres { url, .. } => Doorbell::of_postgres(url.clone()),
        }
    }

    /// Tells other processes of a commit. Rings that come together become one.
    pub(crate) fn ring(&self) {
        if self.is_shared() {
            self.bell.notify_one();
        }
    }

    pub(crate) fn rung(&self) -> (Arc<Notify>, Option<Pool<postgres::Conn>>) {
        let pool = match &self.engine {
            Engine::Sqlite { .. } => None,
            Engine::Postgres { pool, .. } => Some(pool.clone()),
        };
        (self.bell.clone(), pool)
    }
}

/// SQLite lets two processes share a file, but the desk's single-process parts (leases, the
/// sandbox, the doorbell) do not, so the file is locked for the serving process. The system
/// frees the lock when the process ends, however it ends.
fn lock(path: &str) -> std::result::Result<File, OpenError> {
    let unwritable = |error: std::io::Error| OpenError::Unwritable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(format!("{path}.lock"))
        .map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(unwritable(error)),
    }
}
