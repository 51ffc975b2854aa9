//! Transactions and reading connections, whatever the engine.

use std::ops::{Deref, DerefMut};

use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, AsyncConnection, TransactionManager};

use crate::connect::Store;
use crate::error::Result;
use crate::{postgres, sqlite};

type SqliteTransactions = <sqlite::Conn as AsyncConnection>::TransactionManager;

/// A connection that belongs to one user until it goes back to its pool.
pub(crate) enum Lease {
    Sqlite(Object<sqlite::Conn>),
    Postgres(Object<postgres::Conn>),
}

/// What can be read through a transaction and through a reader alike; its methods are the
/// catalogue of reading queries.
pub struct Queries(pub(crate) Option<Lease>);

impl Queries {
    pub(crate) fn lease(&mut self) -> &mut Lease {
        self.0
            .as_mut()
            .expect("the connection is taken out only by a commit or a drop, which end the use")
    }
}

/// A connection for reading. Each query sees what is committed when it begins.
pub struct Reader(Queries);

impl Reader {
    pub(crate) fn new(lease: Lease) -> Self {
        Self(Queries(Some(lease)))
    }
}

impl Deref for Reader {
    type Target = Queries;
    fn deref(&self) -> &Queries {
        &self.0
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Queries {
        &mut self.0
    }
}

/// A transaction that writes. Its own methods are the catalogue of writing queries, and it
/// reads like a [`Reader`].
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Tx {
    queries: Queries,
    store: Store,
}

impl Tx {
    pub(crate) async fn begin(store: Store, mut lease: Lease) -> Result<Self> {
        match &mut lease {
            Lease::Sqlite(conn) => sqlite::dialect::begin(conn).await?,
            Lease::Postgres(conn) => postgres::dialect::begin(conn).await?,
        }
        Ok(Self {
            queries: Queries(Some(lease)),
            store,
        })
    }

    /// Makes everything durable, and wakes those who wait for it in other processes.
    pub async fn commit(mut self) -> Result<()> {
        self.make_durable().await?;
        self.store.ring();
        Ok(())
    }

    /// Makes everything durable without waking anybody, for what nobody waits for.
    pub async fn commit_silently(mut self) -> Result<()> {
        self.make_durable().await
    }

    async fn make_durable(&mut self) -> Result<()> {
        match self.lease() {
            Lease::Sqlite(conn) => SqliteTransactions::commit_transaction(&mut **conn).await?,
            Lease::Postgres(conn) => AnsiTransactionManager::commit_transaction(&mut **conn).await?,
        }
        drop(self.queries.0.take());
        Ok(())
    }

    /// Undoes everything and gives the connection back.
    pub async fn roll_back(mut self) -> Result<()> {
        match self.lease() {
            Lease::Sqlite(conn) => SqliteTransactions::rollback_transaction(&mut **conn).await?,
            Lease::Postgres(conn) => {
                AnsiTransactionManager::rollback_transaction(&mut **conn).await?
            }
        }
        drop(self.queries.0.take());
        Ok(())
    }

    /// Begins a part that can be undone alone.
    pub async fn begin_part(&mut self) -> Result<()> {
        match self.lease() {
            Lease::Sqlite(conn) => SqliteTransactions::begin_transaction(&mut **conn).await?,
            Lease::Postgres(conn) => AnsiTransactionManager::begin_transaction(&mut **conn).await?,
        }
        Ok(())
    }

    /// Keeps the part begun last.
    pub async fn keep_part(&mut self) -> Result<()> {
        match self.lease() {
            Lease::Sqlite(conn) => SqliteTransactions::commit_transaction(&mut **conn).await?,
            Lease::Postgres(conn) => {
                AnsiTransactionManager::commit_transaction(&mut **conn).await?
            }
        }
        Ok(())
    }

    /// Undoes the part begun last.
    pub async fn undo_part(&mut self) -> Result<()> {
        match self.lease() {
            Lease::Sqlite(conn) => SqliteTransactions::rollback_transaction(&mut **conn).await?,
            Lease::Postgres(conn) => {
                AnsiTransactionManager::rollback_transaction(&mut **conn).await?
            }
        }
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Queries;
    fn deref(&self) -> &Queries {
        &self.queries
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Queries {
        &mut self.queries
    }
}

impl Drop for Tx {
    /// A connection with an open transaction must not go back to the pool: the next user
    /// would go on with it, and on SQLite nobody else could write. Closing it rolls back.
    fn drop(&mut self) {
        match self.queries.0.take() {
            Some(Lease::Sqlite(conn)) => drop(Object::take(conn)),
            Some(Lease::Postgres(conn)) => drop(Object::take(conn)),
            None => {}
        }
    }
}
