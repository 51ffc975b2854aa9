//! Opening the desk that the settings name.

use std::sync::Arc;

use desk::open::{CannotOpen, Settings as DeskSettings, Sharing};
use desk::{Desk, SystemClock, keys::SecretKey};

use crate::failure::Failure;
use crate::secret::Secret;
use crate::settings::Settings;

/// Opens the desk. Answers the names of the migrations that ran as well.
pub async fn open(settings: &Settings, sharing: Sharing) -> Result<(Desk, Vec<String>), Failure> {
    check_scheme(&settings.database_url.0)?;
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
        Err(CannotOpen::ForeignSecret) => {
            Err(secret.take_back().unwrap_or_else(|| CannotOpen::ForeignSecret.into()))
        }
        opened => Ok(opened?),
    }
}

/// Says no to an unknown engine before a secret is made for it.
fn check_scheme(url: &str) -> Result<(), Failure> {
    let is_known = ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if is_known { Ok(()) } else { Err(CannotOpen::Database(desk::open::OpenError::UnknownScheme).into()) }
}
