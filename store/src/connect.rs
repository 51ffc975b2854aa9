//! Opening a desk's database from its URL.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;

use diesel_async::pooled_connection::deadpool::Pool;

use crate::error::Result;
use crate::listen::{Doorbell, Ringer};
use crate::open_error::OpenError;
use crate::postgres::Server;
use crate::tx::{Lease, Reader, Tx};
use crate::{migrate, postgres, private_file, sqlite};

/// How many connections read an SQLite file at once.
const SQLITE_READERS: usize = 4;
/// How many connections one process opens to PostgreSQL at most.
const POSTGRES_CONNECTIONS: usize = 16;

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
    /// Keeps the lock on an SQLite file for as long as the store lives.
    _lock: Option<Arc<File>>,
}

#[derive(Clone)]
enum Engine {
    Sqlite { writer: Pool<sqlite::Conn>, waits: sqlite::Waits, readers: Pool<sqlite::Conn> },
    Postgres { pool: Pool<postgres::Conn>, server: Arc<Server>, ringer: Ringer },
}

impl Store {
    /// Opens the database that the URL names and brings it up to date. Answers the names of
    /// the migrations that ran as well.
    pub async fn open(url: &str, sharing: Sharing) -> std::result::Result<(Self, Vec<String>), OpenError> {
        let (scheme, rest) = url.split_once("://").ok_or(OpenError::UnknownScheme)?;
        let (engine, lock, migrations) = match scheme {
            "sqlite" => {
                let path = rest.split('?').next().unwrap_or_default();
                if path.is_empty() || path == ":memory:" {
                    return Err(OpenError::NoPath);
                }
                let lock = match sharing {
                    Sharing::Exclusive => Some(Arc::new(lock(path)?)),
                    Sharing::Shared => None,
                };
                private_file::make(path).map_err(|error| unwritable(path, &error))?;
                let migrations = migrate::sqlite(path.to_owned()).await?;
                private_file::close_to_others(path);
                let (writer, waits) = sqlite::writer(path);
                let engine = Engine::Sqlite { writer, waits, readers: sqlite::readers(path, SQLITE_READERS) };
                (engine, lock, migrations)
            }
            "postgres" | "postgresql" => {
                let server = Arc::new(Server::from_url(url).map_err(OpenError::Malformed)?);
                let migrations = migrate::postgres(&server).await?;
                let pool = postgres::pool(server.clone(), POSTGRES_CONNECTIONS);
                let ringer = Ringer::start(pool.clone());
                (Engine::Postgres { pool, server, ringer }, None, migrations)
            }
            _ => return Err(OpenError::UnknownScheme),
        };
        Ok((Self { engine, _lock: lock }, migrations))
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
        Ok(Reader::new(self.reading_lease().await?))
    }

    /// A connection for reading on which every query sees the same state, whatever is committed meanwhile.
    pub async fn snapshot(&self) -> Result<Reader> {
        Reader::snapshot(self.reading_lease().await?).await
    }

    async fn reading_lease(&self) -> Result<Lease> {
        Ok(match &self.engine {
            Engine::Sqlite { readers, .. } => Lease::Sqlite(readers.get().await?),
            Engine::Postgres { pool, .. } => Lease::Postgres(pool.get().await?),
        })
    }

    /// Empties the log in which SQLite keeps what was there before a change, so that what was erased is nowhere any
    /// more. Answers whether it is empty: not while somebody still reads what was there before. PostgreSQL overwrites
    /// what was deleted by itself, when it vacuums.
    pub async fn forget_the_past(&self) -> Result<bool> {
        let Engine::Sqlite { writer, waits, .. } = &self.engine else { return Ok(true) };
        let mut writer = writer.get().await?;
        waits.set(true);
        Ok(sqlite::truncate_log(&mut writer).await?)
    }

    /// Puts together a little of what SQLite has of the index of texts in many pieces. Answers whether there was anything to put
    /// together. PostgreSQL has it in one piece.
    pub async fn merge_search_index(&self) -> Result<bool> {
        let Engine::Sqlite { writer, waits, .. } = &self.engine else { return Ok(false) };
        let mut writer = writer.get().await?;
        waits.set(true);
        Ok(sqlite::text_index::merge(&mut writer).await?)
    }

    /// Hears of commits, those of other processes included.
    pub fn doorbell(&self) -> Doorbell {
        match &self.engine {
            Engine::Sqlite { .. } => Doorbell::silent(),
            Engine::Postgres { server, .. } => Doorbell::of_postgres(server.clone()),
        }
    }

    /// Tells the writer of SQLite whether its next call may have to wait.
    pub(crate) fn writer_waits(&self, waits: bool) {
        if let Engine::Sqlite { waits: writer, .. } = &self.engine {
            writer.set(waits);
        }
    }

    /// Tells other processes of a commit. Rings that come together become one.
    pub(crate) fn ring(&self) {
        match &self.engine {
            Engine::Sqlite { .. } => {}
            Engine::Postgres { ringer, .. } => ringer.ring(),
        }
    }
}

/// SQLite lets two processes share a file, but the desk's single-process parts (leases, the
/// sandbox, the doorbell) do not, so the file is locked for the serving process. The system
/// frees the lock when the process ends, however it ends.
fn lock(path: &str) -> std::result::Result<File, OpenError> {
    if Path::new(path).is_dir() {
        return Err(unwritable(path, &io::ErrorKind::IsADirectory.into()));
    }
    let file = private_file::options().create(true).truncate(false).open(format!("{path}.lock"));
    let file = file.map_err(|error| unwritable(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(unwritable(path, &error)),
    }
}

fn unwritable(path: &str, error: &io::Error) -> OpenError {
    OpenError::Unwritable { path: path.to_owned(), reason: error.to_string() }
}
