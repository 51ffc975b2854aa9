//! How many files and sockets this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many are left to the database, to calls to Telegram and to whatever else is no client's connection.
const OTHER_FILES: u64 = 200;

/// Raises the limit as far as the system allows, and answers how many connections it leaves room for.
pub fn room_for_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    // If it is refused, the limit is what it was.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    // A machine that has room for nothing is one to see an error on, and not a silent server.
    usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX).max(1)
}
