//! How what is kept for a while only is deleted.

/// How many rows one purge deletes at most; call it again while it answers so many. A long
/// transaction would hold back every reader of the event log on PostgreSQL, and every writer
/// on SQLite.
pub const BATCH: i64 = 10_000;

/// How many files one purge deletes at most. Each has many pieces.
pub const BATCH_OF_FILES: i64 = 2;
