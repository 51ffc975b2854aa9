//! Keeping an SQLite database from being written, as a backup tool or a shell with an open transaction does.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use crate::eventually;

/// How long the server's own transactions may take to let go of the lock.
const PATIENCE: Duration = Duration::from_secs(20);

/// The byte of the `-shm` file that whoever writes holds locked: `WAL_WRITE_LOCK` of
/// <https://sqlite.org/walformat.html#wal_locks>.
const WAL_WRITE_LOCK: libc::off_t = 120;

/// The write lock of a database in WAL mode, held until this value is dropped. Everybody else can read meanwhile.
#[derive(Debug)]
pub struct SqliteWriteLock {
    // The system frees the lock when the file is closed.
    _shared_memory: File,
}

impl SqliteWriteLock {
    /// Takes the lock of the database file at `path`, which another process has open, when its writer lets go of it.
    ///
    /// # Panics
    /// When nobody has the database open, or its writer never lets go.
    pub async fn take(path: &Path) -> Self {
        let shared_memory = shared_memory_of(path);
        let file = File::options()
            .read(true)
            .write(true)
            .open(&shared_memory)
            .unwrap_or_else(|error| panic!("{} is open in WAL mode only while it exists: {error}", path.display()));
        eventually(PATIENCE, || std::future::ready(lock(&file))).await;
        Self { _shared_memory: file }
    }
}

fn shared_memory_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-shm");
    name.into()
}

/// Locks the byte, unless another process has it.
fn lock(file: &File) -> Result<(), Errno> {
    let write_lock = libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: WAL_WRITE_LOCK,
        l_len: 1,
        l_pid: 0,
    };
    fcntl(file, FcntlArg::F_SETLK(&write_lock)).map(drop)
}
