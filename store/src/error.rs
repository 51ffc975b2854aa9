//! What can go wrong in the store.

use diesel::result::{DatabaseErrorKind, Error as Diesel};
use diesel_async::pooled_connection::deadpool::PoolError;

/// The result of a use of the store.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong in the store. The texts are for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached now; trying again later may help.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// Another transaction was in the way and won; trying the whole transaction again at once may help.
    #[error("the transaction met another one: {0}")]
    Contended(String),
    /// A unique key is taken already.
    #[error("a unique key is taken: {0}")]
    Taken(String),
    /// What was to be written breaks another rule of the database.
    #[error("a rule of the database is broken: {0}")]
    Broken(String),
    /// Anything else: a defect, a database that was changed by hand, or a failure of the server
    /// that has no kind of its own, as most have not.
    #[error("the database refused: {0}")]
    Internal(String),
}

impl Error {
    /// Whether the same work may succeed later without any change to it.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Contended(_))
    }
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        let text = error.to_string();
        match error {
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Taken(text),
            Diesel::DatabaseError(
                DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::NotNullViolation
                | DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::RestrictViolation
                | DatabaseErrorKind::ExclusionViolation,
                _,
            ) => Self::Broken(text),
            Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Contended(text),
            Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | Diesel::DatabaseError(DatabaseErrorKind::UnableToSendCommand, _)
            | Diesel::BrokenTransactionManager => Self::Unavailable(text),
            _ if is_deadlock(&text) => Self::Contended(text),
            _ if is_outage(&text) => Self::Unavailable(text),
            _ => Self::Internal(text),
        }
    }
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// PostgreSQL's words for the end of transactions that wait for each other. Its code for it, 40P01, does not come through:
/// diesel-async names no kind for it and hands on the texts alone.
fn is_deadlock(text: &str) -> bool {
    text.contains("deadlock detected")
}

/// PostgreSQL's words for a server that stops, starts or is out of connections, and those of
/// SQLite for a disk that is full or gone and for a lock that was waited for in vain: none has a
/// kind of its own in diesel. There are more, in the language of the server, so that whoever can
/// wait must not take an [`Error::Internal`] for final.
fn is_outage(text: &str) -> bool {
    const OUTAGES: [&str; 11] = [
        "connection closed",
        "terminating connection",
        "canceling statement",
        "the database system is",
        "too many clients",
        "remaining connection slots",
        "error communicating with the server",
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
        "database is locked",
    ];
    OUTAGES.iter().any(|outage| text.contains(outage))
}
