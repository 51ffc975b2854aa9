//! Transactions and reading connections, whatever the engine.

use std::ops::{Deref, DerefMut};

use diesel::QueryResult;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, AsyncConnection, TransactionManager};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::{postgres, sqlite};

type SqliteTransactions = <sqlite::Conn as AsyncConnection>::TransactionManager;

/// A connection that belongs to one user until it goes back to its pool.
#[expect(clippy::large_enum_variant, reason = "a box would cost every user of PostgreSQL an allocation")]
pub(crate) enum Lease {
    Sqlite(Object<sqlite::Conn>),
    Postgres(Object<postgres::Conn>),
}

impl Lease {
    /// Begins the transaction.
    async fn begin(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => sqlite::dialect::begin(conn).await,
            Self::Postgres(conn) => postgres::dialect::begin(conn).await,
        }
    }

    /// Begins a part of the transaction.
    async fn begin_part(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => SqliteTransactions::begin_transaction(&mut **conn).await,
            Self::Postgres(conn) => AnsiTransactionManager::begin_transaction(&mut **conn).await,
        }
    }

    /// Ends the innermost part, or the whole, and keeps what it did.
    async fn keep(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => SqliteTransactions::commit_transaction(&mut **conn).await,
            Self::Postgres(conn) => AnsiTransactionManager::commit_transaction(&mut **conn).await,
        }
    }

    /// Ends the innermost part, or the whole, and undoes what it did.
    async fn undo(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => SqliteTransactions::rollback_transaction(&mut **conn).await,
            Self::Postgres(conn) => AnsiTransactionManager::rollback_transaction(&mut **conn).await,
        }
    }
}

/// What can be read through a transaction and through a reader alike; its methods are the
/// catalogue of reading queries.
pub struct Queries {
    lease: Option<Lease>,
    /// Whether a statement failed, or was not waited for.
    failed: bool,
}

impl Queries {
    fn new(lease: Lease) -> Self {
        Self { lease: Some(lease), failed: false }
    }

    pub(crate) fn lease(&mut self) -> &mut Lease {
        self.lease.as_mut().expect("the connection is taken out only by a commit or a drop, which end the use")
    }

    /// Counts as failed until [`end_statement`](Self::end_statement), which a caller that goes
    /// away never reaches.
    pub(crate) fn begin_statement(&mut self) -> StatementBegun {
        StatementBegun { failed_before: std::mem::replace(&mut self.failed, true) }
    }

    pub(crate) fn end_statement<T>(&mut self, begun: StatementBegun, outcome: QueryResult<T>) -> Result<T> {
        self.failed = begun.failed_before || outcome.is_err();
        Ok(outcome?)
    }
}

/// That a statement is under way.
pub(crate) struct StatementBegun {
    failed_before: bool,
}

/// A connection for reading. Each query sees what is committed when it begins.
pub struct Reader(Queries);

impl Reader {
    pub(crate) fn new(lease: Lease) -> Self {
        Self(Queries::new(lease))
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
///
/// After a statement failed nothing can be kept any more, on either engine: undo the part that
/// it was in, or the whole. PostgreSQL demands that, and without a word answers a commit by
/// undoing everything.
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Tx {
    queries: Queries,
    store: Store,
}

impl Tx {
    pub(crate) async fn begin(store: Store, lease: Lease) -> Result<Self> {
        // Made before it begins, so that a caller who goes away meanwhile drops it too.
        let mut tx = Self { queries: Queries::new(lease), store };
        tx.store.writer_waits(true);
        tx.lease().begin().await?;
        tx.store.writer_waits(false);
        Ok(tx)
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
        self.refuse_if_failed()?;
        self.store.writer_waits(true);
        self.lease().keep().await?;
        drop(self.queries.lease.take());
        Ok(())
    }

    /// Undoes everything and gives the connection back.
    pub async fn roll_back(mut self) -> Result<()> {
        self.lease().undo().await?;
        drop(self.queries.lease.take());
        Ok(())
    }

    /// Begins a part that can be undone alone.
    pub async fn begin_part(&mut self) -> Result<()> {
        self.refuse_if_failed()?;
        let begun = self.begin_statement();
        let outcome = self.lease().begin_part().await;
        self.end_statement(begun, outcome)
    }

    /// Keeps the part begun last.
    pub async fn keep_part(&mut self) -> Result<()> {
        self.refuse_if_failed()?;
        let begun = self.begin_statement();
        let outcome = self.lease().keep().await;
        self.end_statement(begun, outcome)
    }

    /// Undoes the part begun last, and with it what failed in it.
    pub async fn undo_part(&mut self) -> Result<()> {
        self.queries.failed = true;
        self.lease().undo().await?;
        self.queries.failed = false;
        Ok(())
    }

    fn refuse_if_failed(&self) -> Result<()> {
        if self.queries.failed {
            return Err(Error::Internal(
                "a statement of this transaction failed, so nothing of it can be kept".to_owned(),
            ));
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
        match self.queries.lease.take() {
            Some(Lease::Sqlite(conn)) => drop(Object::take(conn)),
            Some(Lease::Postgres(conn)) => drop(Object::take(conn)),
            None => {}
        }
    }
}
