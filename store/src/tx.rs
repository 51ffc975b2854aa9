//! Transactions and reading connections, whatever the engine.

use std::ops::{Deref, DerefMut};

use diesel::QueryResult;
use diesel::result::Error as Diesel;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, AsyncConnection, TransactionManager};
use tokio::runtime::Handle;

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
    /// Begins a transaction that writes.
    async fn begin(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => sqlite::dialect::begin(conn).await,
            Self::Postgres(conn) => postgres::dialect::begin(conn).await,
        }
    }

    /// Begins a transaction that reads one state.
    async fn begin_snapshot(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => sqlite::dialect::begin_snapshot(conn).await,
            Self::Postgres(conn) => postgres::dialect::begin_snapshot(conn).await,
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
    /// Whether the connection is amid a transaction, or about to begin one.
    in_transaction: bool,
    /// Whether a statement failed.
    failed: bool,
    /// Whether a statement is under way, or was not waited for.
    cut_off: bool,
}

impl Queries {
    fn new(lease: Lease, in_transaction: bool) -> Self {
        Self { lease: Some(lease), in_transaction, failed: false, cut_off: false }
    }

    pub(crate) fn lease(&mut self) -> &mut Lease {
        self.lease.as_mut().expect("the connection is taken out only by a commit or a drop, which end the use")
    }

    /// Counts as cut off until [`end_statement`](Self::end_statement), which a caller that goes
    /// away never reaches.
    pub(crate) fn begin_statement(&mut self) -> StatementBegun {
        StatementBegun { cut_off_before: std::mem::replace(&mut self.cut_off, true) }
    }

    pub(crate) fn end_statement<T>(&mut self, begun: StatementBegun, outcome: QueryResult<T>) -> Result<T> {
        self.cut_off = begun.cut_off_before;
        self.failed |= outcome.is_err();
        Ok(outcome?)
    }

    /// Undoes the transaction, if there is one, and gives the connection back.
    async fn give_back(&mut self) -> Result<()> {
        let Some(lease) = self.lease.take() else { return Ok(()) };
        if self.in_transaction {
            Abandoned(Some(lease)).roll_back().await?;
        }
        Ok(())
    }
}

impl Drop for Queries {
    /// Rolls back the transaction, if there is one, and then gives the connection back. A refusal must not cost a
    /// connection with all the statements that it has prepared; but nobody knows what one is at whose statement was cut
    /// off.
    fn drop(&mut self) {
        let Some(lease) = self.lease.take() else { return };
        if !self.in_transaction {
            return;
        }
        let abandoned = Abandoned(Some(lease));
        if self.cut_off {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = abandoned.roll_back().await {
                    tracing::debug!(%error, "a connection is closed that did not roll back");
                }
            });
        }
    }
}

/// That a statement is under way.
pub(crate) struct StatementBegun {
    cut_off_before: bool,
}

/// A connection for reading. Each query sees what is committed when it begins, or in a snapshot what was committed when
/// the first one began.
pub struct Reader(Queries);

impl Reader {
    pub(crate) fn new(lease: Lease) -> Self {
        Self(Queries::new(lease, false))
    }

    pub(crate) async fn snapshot(lease: Lease) -> Result<Self> {
        // Made before it begins, so that a caller who goes away meanwhile drops it too.
        let mut reader = Self(Queries::new(lease, true));
        let begun = reader.begin_statement();
        let outcome = reader.lease().begin_snapshot().await;
        reader.end_statement(begun, outcome)?;
        Ok(reader)
    }

    /// Gives the connection back. A snapshot that is dropped instead gives it back a moment later.
    pub async fn end(mut self) -> Result<()> {
        self.give_back().await
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
        let mut tx = Self { queries: Queries::new(lease, true), store };
        tx.store.writer_waits(true);
        let begun = tx.begin_statement();
        let outcome = tx.lease().begin().await;
        tx.end_statement(begun, outcome)?;
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
        let begun = self.begin_statement();
        let outcome = self.lease().keep().await;
        self.end_statement(begun, outcome)?;
        drop(self.queries.lease.take());
        Ok(())
    }

    /// Undoes everything and gives the connection back.
    pub async fn roll_back(mut self) -> Result<()> {
        self.give_back().await
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
        let begun = self.begin_statement();
        let outcome = self.lease().undo().await;
        self.end_statement(begun, outcome)?;
        self.queries.failed = false;
        Ok(())
    }

    fn refuse_if_failed(&self) -> Result<()> {
        if self.queries.failed || self.queries.cut_off {
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

/// A connection amid a transaction that nobody goes on with. It must not go back to the pool as
/// it is: on SQLite nobody else could write. Unless it is rolled back it is closed, which does
/// the same.
struct Abandoned(Option<Lease>);

impl Abandoned {
    /// Undoes everything and gives the connection back.
    async fn roll_back(mut self) -> QueryResult<()> {
        let Some(lease) = &mut self.0 else { return Ok(()) };
        loop {
            match lease.undo().await {
                // It may have been in a part, within the whole or another part.
                Ok(()) => {}
                Err(Diesel::NotInTransaction) => break,
                Err(error) => return Err(error),
            }
        }
        drop(self.0.take());
        Ok(())
    }
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        match self.0.take() {
            Some(Lease::Sqlite(conn)) => drop(Object::take(conn)),
            Some(Lease::Postgres(conn)) => drop(Object::take(conn)),
            None => {}
        }
    }
}
