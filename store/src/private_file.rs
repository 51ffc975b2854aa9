//! Files that only the owner of the process can read.
//!
//! A desk's database has every conversation in it, so it is nobody else's business on a machine that others use, too.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// What SQLite keeps beside its file. New ones have the mode of the file itself.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// How to open a file for writing that, if it is new, only its owner can read.
pub(crate) fn options() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes an empty file, unless there is one.
pub(crate) fn make(path: &str) -> io::Result<()> {
    match options().create_new(true).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Takes the access of everybody else to a database of SQLite away, which an earlier version or a copy may have left
/// open. A file that this process may not change is only complained of.
pub(crate) fn close_to_others(database: &str) {
    let companions = COMPANIONS.map(|ending| format!("{database}{ending}"));
    for path in std::iter::once(database.to_owned()).chain(companions).map(PathBuf::from) {
        match close(&path) {
            Ok(false) => {}
            Ok(true) => tracing::warn!(path = %path.display(), "other users could read this file; now they cannot"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(
                path = %path.display(), %error,
                "other users can read this file, which has every conversation in it: run `chmod 600` on it"
            ),
        }
    }
}

/// Answers whether the file was open to others.
#[cfg(unix)]
fn close(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;

    let mut permissions = std::fs::metadata(path)?.permissions();
    let mode = permissions.mode();
    if mode & 0o077 == 0 {
        return Ok(false);
    }
    permissions.set_mode(mode & !0o077);
    std::fs::set_permissions(path, permissions)?;
    Ok(true)
}

/// Elsewhere the directory's access list protects the file, and there are no bits to look at.
#[cfg(not(unix))]
fn close(_path: &Path) -> io::Result<bool> {
    Ok(false)
}
