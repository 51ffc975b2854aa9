//! SQL beside the server: for what no door of the product does, and for looking at what it keeps.

use std::error::Error;

use rusqlite::Connection;
use tokio_postgres::Client;

use crate::{Database, postgres};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// A connection to the database of a server.
pub enum Sql {
    /// To the file.
    Sqlite(Connection),
    /// To the server.
    Postgres(Client),
}

impl Sql {
    /// Connects beside whoever else uses the database.
    ///
    /// # Errors
    /// If the database is not there. Statements fail as the engine says.
    pub async fn connect(database: &Database) -> Result<Self> {
        match database.url().strip_prefix("sqlite://") {
            Some(path) => Ok(Self::Sqlite(Connection::open(path)?)),
            None => Ok(Self::Postgres(postgres::connect(database.url()).await?)),
        }
    }

    /// Executes statements, in one transaction if there are several.
    pub async fn execute(&self, statements: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(&format!("BEGIN; {statements}; COMMIT"))?,
            Self::Postgres(client) => client.batch_execute(statements).await?,
        }
        Ok(())
    }

    /// Executes a statement that must not be in a transaction.
    pub async fn execute_alone(&self, statement: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(statement)?,
            Self::Postgres(client) => client.batch_execute(statement).await?,
        }
        Ok(())
    }

    /// The one number that a query answers.
    pub async fn number(&self, query: &str) -> Result<i64> {
        Ok(match self {
            Self::Sqlite(connection) => connection.query_row(query, [], |row| row.get(0))?,
            Self::Postgres(client) => client.query_one(query, &[]).await?.try_get(0)?,
        })
    }
}
