//! The master secret: from the settings, or from a file beside the database.

use std::path::{Path, PathBuf};

use desk::keys::SecretKey;

use crate::failure::Failure;
use crate::settings::Settings;

/// The name of the file where there is no database file to stand beside.
const FILE_WITHOUT_DATABASE: &str = "switchboard.key";

/// The master secret and where it came from.
pub struct Secret {
    /// The secret.
    pub key: SecretKey,
    /// The file that was made for it just now.
    made: Option<PathBuf>,
}

impl Secret {
    /// Reads the secret from the settings or its file, and makes the file at the first start.
    pub fn load(settings: &Settings) -> Result<Self, Failure> {
        if let Some(text) = &settings.secret_key {
            return Ok(Self { key: SecretKey::from_setting(&text.0)?, made: None });
        }
        let path = file_beside(&settings.database_url.0);
        let is_new = !path.exists();
        Ok(Self { key: SecretKey::load_or_create(&path)?, made: is_new.then_some(path) })
    }

    /// A file that was made for a database which has had another secret is of no use: it is
    /// taken away again, and what is missing is said.
    pub fn take_back(self) -> Option<Failure> {
        let path = self.made?;
        let removed = std::fs::remove_file(&path);
        removed.err().map(|error| Failure::new(format!("{} cannot be removed: {error}", path.display()))).or_else(
            || {
                Some(Failure::new(format!(
                    "SWITCHBOARD_SECRET_KEY is missing: this database was set up with a secret, and there is none in \
                 the settings nor in {}; bring back the one or the other",
                    path.display()
                )))
            },
        )
    }
}

fn file_beside(database_url: &str) -> PathBuf {
    match database_url.strip_prefix("sqlite://") {
        Some(path) if !path.is_empty() => Path::new(path).with_extension("key"),
        _ => FILE_WITHOUT_DATABASE.into(),
    }
}
