//! Why a database could not be opened.

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
        "SWITCHBOARD_DATABASE_URL: the file {path} cannot be opened for writing: {reason}; check that the folder \
         exists and belongs to this user"
    )]
    Unwritable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The file is something else.
    #[error(
        "SWITCHBOARD_DATABASE_URL: the file {path} is not an SQLite database; name another file, and a new database \
         will be made there"
    )]
    NotADatabase {
        /// The file.
        path: String,
    },
    /// Another process serves the file.
    #[error(
        "SWITCHBOARD_DATABASE_URL: the file {path} is in use by another switchboard process; stop that one, or use \
         PostgreSQL for several processes"
    )]
    InUse {
        /// The file.
        path: String,
    },
    /// The URL of a PostgreSQL server makes no sense, or asks for TLS that cannot be had.
    #[error(
        "SWITCHBOARD_DATABASE_URL cannot be used: {0}; write it as postgres://user:password@host:port/database, with \
         ?sslmode=require for TLS"
    )]
    Malformed(String),
    /// The server does not answer, or does not let us in.
    #[error(
        "SWITCHBOARD_DATABASE_URL: PostgreSQL cannot be reached: {0}; check that the server runs and that user, \
         password and database name are right"
    )]
    Unreachable(String),
    /// A migration failed.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
}
