//! The PostgreSQL binaries that are installed here.

use std::path::{Path, PathBuf};

use super::Unavailable;

/// Where Debian and its relatives keep the binaries of each major version: `<here>/17/bin`.
const DEBIAN_DIRECTORY: &str = "/usr/lib/postgresql";

/// A directory with the binaries of one PostgreSQL version.
#[derive(Debug)]
pub(super) struct Installation {
    directory: PathBuf,
}

impl Installation {
    /// The newest of Debian's versions, else the first on `PATH`.
    pub(super) fn find() -> Result<Self, Unavailable> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        newest_first(Path::new(DEBIAN_DIRECTORY))
            .into_iter()
            .chain(std::env::split_paths(&path))
            .find(|directory| directory.join("initdb").is_file() && directory.join("postgres").is_file())
            .map(|directory| Self { directory })
            .ok_or_else(|| {
                Unavailable(format!(
                    "no `initdb` and `postgres` in {DEBIAN_DIRECTORY}/*/bin or on PATH; install PostgreSQL \
                     (Debian: apt-get install postgresql) or set {} to the URL of a server",
                    super::NAMED_SERVER_VARIABLE
                ))
            })
    }

    /// The path of one of its programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// The `bin` directories of the versions below `directory`, newest version first.
fn newest_first(directory: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, directory)| directory).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["9", "17", "15", "not-a-version"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        let expected: Vec<_> = ["17", "15", "9"].map(|version| directory.path().join(version).join("bin")).into();
        assert_eq!(newest_first(directory.path()), expected);
        assert!(newest_first(&directory.path().join("missing")).is_empty());
    }
}
