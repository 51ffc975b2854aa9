//! Opening the desk that the settings name.

use std::io;
use std::path::Path;
use std::sync::Arc;

use desk::open::{CannotOpen, OpenError, Settings as DeskSettings, Sharing};
use desk::{Desk, SystemClock, keys::SecretKey};

use crate::failure::Failure;
use crate::secret::Secret;
use crate::settings::Settings;

/// Opens the desk. Answers the names of the migrations that ran as well.
pub async fn open(settings: &Settings, sharing: Sharing) -> Result<(Desk, Vec<String>), Failure> {
    check_place(&settings.database_url.0).map_err(CannotOpen::Database)?;
    let previous = match &settings.previous_secret_key {
        Some(text) => Some(SecretKey::from_setting(&text.0).map_err(|error| {
            Failure::new(error.to_string().replace("SWITCHBOARD_SECRET_KEY", "SWITCHBOARD_PREVIOUS_SECRET_KEY"))
        })?),
        None => None,
    };
    let secret = Secret::load(settings)?;
    let opened = Desk::open(DeskSettings {
        database_url: &settings.database_url.0,
        sharing,
        secret: &secret.key,
        previous_secret: previous.as_ref(),
        clock: Arc::new(SystemClock),
    })
    .await;
    match opened {
        Err(CannotOpen::ForeignSecret) => Err(secret.take_back().unwrap_or_else(|| CannotOpen::ForeignSecret.into())),
        opened => Ok(opened?),
    }
}

/// Says no to what cannot become a database, before a secret is made beside it.
fn check_place(url: &str) -> Result<(), OpenError> {
    if ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Ok(());
    }
    let rest = url.strip_prefix("sqlite://").ok_or(OpenError::UnknownScheme)?;
    let path = rest.split('?').next().unwrap_or_default();
    if path.is_empty() || path == ":memory:" {
        return Err(OpenError::NoPath);
    }
    let unwritable = |error: io::Error| OpenError::Unwritable { path: path.to_owned(), reason: error.to_string() };
    let path = Path::new(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match folder.metadata() {
        Err(error) => Err(unwritable(error)),
        Ok(folder) if !folder.is_dir() => Err(unwritable(io::ErrorKind::NotADirectory.into())),
        Ok(_) if path.is_dir() => Err(unwritable(io::ErrorKind::IsADirectory.into())),
        Ok(_) => Ok(()),
    }
}
