//! The file that keeps the master secret when no setting gives one.
//!
//! It is made once, at the first start, readable by its owner only. A file that other users can
//! read is refused rather than only warned about, as SSH does with its keys: a warning in a log
//! is found after the secret has been read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::random::random_bytes;
use super::secret::{SecretKey, SecretKeyError};

/// More than any spelling of a key takes, so that a wrong path cannot fill the memory.
const LONGEST_FILE_BYTES: u64 = 1024;

impl SecretKey {
    /// Reads the secret from the file, or makes the file with a new secret (mode 0600).
    ///
    /// Processes that start at the same moment agree: the file appears with its whole content or
    /// not at all, and whoever comes second reads what the first one wrote.
    ///
    /// # Errors
    /// The `File…` kinds of [`SecretKeyError`]; an existing file is never changed.
    pub fn load_or_create(path: &Path) -> Result<Self, SecretKeyError> {
        if let Some(key) = load(path)? {
            return Ok(key);
        }
        create(path, &Self::generate())
            .map_err(|source| SecretKeyError::FileNotCreated { path: path.to_owned(), source })?;
        load(path)?.ok_or_else(|| SecretKeyError::FileUnreadable {
            path: path.to_owned(),
            source: io::ErrorKind::NotFound.into(),
        })
    }
}

/// Reads the key file; `None` when there is none.
fn load(path: &Path) -> Result<Option<SecretKey>, SecretKeyError> {
    let unreadable = |source| SecretKeyError::FileUnreadable { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    if let Some(mode) = exposing_mode(&file).map_err(unreadable)? {
        return Err(SecretKeyError::FileExposed { path: path.to_owned(), mode });
    }
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE_BYTES).read_to_end(&mut bytes).map_err(unreadable)?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| SecretKey::parse(text.trim()))
        .filter(|key| !key.is_placeholder())
        .map(Some)
        .ok_or_else(|| SecretKeyError::FileMalformed { path: path.to_owned() })
}

/// Makes the key file, unless another process was faster.
///
/// A hard link puts the finished file in place: unlike a rename it never replaces a file that
/// appeared in between, and unlike writing in place nobody can read half a key.
fn create(path: &Path, key: &SecretKey) -> io::Result<()> {
    let temporary = temporary_sibling(path);
    let placed = write_private(&temporary, &key.to_setting()).and_then(|()| fs::hard_link(&temporary, path));
    if let Err(error) = remove_if_there(&temporary) {
        tracing::warn!(path = %temporary.display(), %error, "a temporary key file is left over; remove it");
    }
    match placed {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        // Bot tokens will be sealed with this key, so it must survive a power cut before they do.
        Ok(()) => sync_directory_of(path),
    }
}

fn temporary_sibling(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{:016x}.tmp", u64::from_ne_bytes(random_bytes())))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The permission bits, when they let anybody but the owner in.
#[cfg(unix)]
fn exposing_mode(file: &File) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;

    let mode = file.metadata()?.permissions().mode() & 0o7777;
    Ok((mode & 0o077 != 0).then_some(mode))
}

/// Elsewhere the directory's access list protects the file, and there are no bits to look at.
#[cfg(not(unix))]
fn exposing_mode(_file: &File) -> io::Result<Option<u32>> {
    Ok(None)
}

#[cfg(unix)]
fn sync_directory_of(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere a directory cannot be opened as a file, and the file system keeps its own journal.
#[cfg(not(unix))]
fn sync_directory_of(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    /// A directory that goes away with the test.
    struct Directory(PathBuf);

    impl Directory {
        fn new() -> Self {
            let name = format!("switchboard-{:016x}", u64::from_ne_bytes(random_bytes()));
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn key_file(&self) -> PathBuf {
            self.0.join("switchboard.key")
        }

        fn write_key_file(&self, text: &[u8], mode: u32) -> PathBuf {
            let path = self.key_file();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        }

        fn files(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn the_first_start_makes_a_private_file_and_later_starts_read_it() {
        let directory = Directory::new();
        let path = directory.key_file();
        let first = SecretKey::load_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap().trim(), first.to_setting());
        assert_eq!(SecretKey::load_or_create(&path).unwrap(), first);
        assert_eq!(directory.files(), ["switchboard.key"]);
    }

    #[test]
    fn processes_that_start_together_agree() {
        let directory = Directory::new();
        let path = directory.key_file();
        let starters = 8;
        let barrier = Barrier::new(starters);
        let keys: Vec<SecretKey> = thread::scope(|scope| {
            let start = || {
                barrier.wait();
                SecretKey::load_or_create(&path).unwrap()
            };
            let threads: Vec<_> = (0..starters).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(directory.files(), ["switchboard.key"]);
    }

    #[test]
    fn the_loser_of_a_race_leaves_the_winners_file_alone() {
        let directory = Directory::new();
        let path = directory.key_file();
        let winner = SecretKey::load_or_create(&path).unwrap();
        create(&path, &SecretKey::generate()).unwrap();
        assert_eq!(SecretKey::load_or_create(&path).unwrap(), winner);
        assert_eq!(directory.files(), ["switchboard.key"]);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_cure() {
        let directory = Directory::new();
        let text = SecretKey::generate().to_setting();
        for mode in [0o644, 0o640, 0o604, 0o620, 0o777] {
            let path = directory.write_key_file(text.as_bytes(), mode);
            let error = SecretKey::load_or_create(&path).unwrap_err();
            assert!(matches!(error, SecretKeyError::FileExposed { .. }), "{mode:o}: {error:?}");
            let message = error.to_string();
            assert!(message.contains(&format!("chmod 600 {}", path.display())), "{message}");
            assert!(!message.contains(&text), "{message}");
        }
    }

    #[test]
    fn a_damaged_file_is_refused_and_kept() {
        let directory = Directory::new();
        for content in [&b""[..], b"not a key", &[0xff; 44], &[b'0'; 64], &[b'A'; 5000]] {
            let path = directory.write_key_file(content, 0o600);
            let error = SecretKey::load_or_create(&path).unwrap_err();
            assert!(matches!(error, SecretKeyError::FileMalformed { .. }), "{error:?}");
            assert_eq!(fs::read(&path).unwrap(), content);
        }
    }

    #[test]
    fn a_directory_that_is_not_there_is_named_in_the_error() {
        let directory = Directory::new();
        let path = directory.0.join("missing").join("switchboard.key");
        let error = SecretKey::load_or_create(&path).unwrap_err();
        assert!(matches!(error, SecretKeyError::FileNotCreated { .. }), "{error:?}");
        let message = error.to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert!(message.contains("SWITCHBOARD_SECRET_KEY"), "{message}");
    }

    #[test]
    fn a_path_that_is_a_directory_is_unreadable() {
        let directory = Directory::new();
        fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o700)).unwrap();
        let error = SecretKey::load_or_create(&directory.0).unwrap_err();
        assert!(matches!(error, SecretKeyError::FileUnreadable { .. }), "{error:?}");
    }

    #[test]
    fn a_link_to_nowhere_is_an_error_and_not_a_loop() {
        let directory = Directory::new();
        let path = directory.key_file();
        std::os::unix::fs::symlink(directory.0.join("nowhere"), &path).unwrap();
        let error = SecretKey::load_or_create(&path).unwrap_err();
        assert!(matches!(error, SecretKeyError::FileUnreadable { .. }), "{error:?}");
    }
}
